package dev.leakverifier.dump;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Opens the file with a dump; whoever named it is told what is wrong with it. */
final class DumpFile {
  /** So much is read of what may never end: a pipe, or a device such as {@code /dev/zero}. */
  private static final long MOST_OF_NO_FILE = 1L << 30;

  private DumpFile() {}

  interface Reading<T> {
    T read(InputStream in) throws IOException;
  }

  static <T> T read(Path file, Reading<T> reading) throws UnreadableDumpException {
    if (Files.isDirectory(file)) {
      throw new UnreadableDumpException(file + ": this is a folder, not a file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Files.isRegularFile(file)
          ? reading.read(in)
          : reading.read(new Bounded(file.toString(), in, MOST_OF_NO_FILE));
    } catch (UnreadableDumpException e) {
      throw e;
    } catch (NoSuchFileException e) {
      throw new UnreadableDumpException(file + ": there is no such file", e);
    } catch (AccessDeniedException e) {
      throw new UnreadableDumpException(file + ": this user may not read the file", e);
    } catch (IOException e) {
      throw unreadable(file.toString(), e);
    }
  }

  static UnreadableDumpException unreadable(String source, IOException e) {
    return new UnreadableDumpException(source + ": it cannot be read (" + e + ")", e);
  }

  /** Ends with an error where others go on for ever. */
  static final class Bounded extends FilterInputStream {
    private final String source;
    private long left;

    Bounded(String source, InputStream in, long most) {
      super(in);
      this.source = source;
      this.left = most;
    }

    @Override
    public int read() throws IOException {
      return count(in.read(), 1);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = in.read(bytes, offset, length);
      return count(count, count);
    }

    private int count(int result, int bytes) throws IOException {
      left -= result < 0 ? 0 : bytes;
      if (left < 0) {
        throw new UnreadableDumpException(
            source
                + ": this is not a regular file, and does not end; save the dump to a file first");
      }
      return result;
    }
  }
}
