package dev.leakverifier.host;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A folder for temporary files that only this user can read.
 *
 * <p>It stays until the JVM exits, since making and deleting it would take a third of the time of a
 * small thread dump; the files in it do not.
 */
public final class PrivateFolder {
  private static final Log LOG = Log.of(PrivateFolder.class);

  private static final String MARK = "leakverifier-";
  private static final Pattern NAME = Pattern.compile(MARK + "(\\d+)-\\d+");

  private static @Nullable Path folder;
  private static long files;

  private PrivateFolder() {}

  /** A file that does not exist yet. */
  public static Path newFile() throws IOException {
    return newFile("");
  }

  /** The same, with a name that ends so. */
  public static synchronized Path newFile(String ending) throws IOException {
    Path current = folder;
    if (current == null || !Files.isDirectory(current, LinkOption.NOFOLLOW_LINKS)) {
      current = Files.createTempDirectory(MARK + ProcessHandle.current().pid() + "-");
      current.toFile().deleteOnExit();
      removeLeftOnes(current.resolveSibling(""));
      folder = current;
    }
    return current.resolve("dump-" + ++files + ending);
  }

  /** Removes what killed JVMs have left in {@code place}: a dump holds all that they knew. */
  static void removeLeftOnes(Path place) {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(place, PrivateFolder::isLeft)) {
      for (Path left : folders) {
        removeLeft(left);
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.debug("{} cannot be searched for what killed JVMs have left", place, e);
    }
  }

  private static void removeLeft(Path left) {
    try (DirectoryStream<Path> dumps = Files.newDirectoryStream(left, "dump-*")) {
      for (Path dump : dumps) {
        Files.delete(dump);
      }
      Files.delete(left);
    } catch (IOException | DirectoryIteratorException e) { // another user's
      LOG.debug("{} stays as it is", left, e);
    }
  }

  private static boolean isLeft(Path other) {
    Matcher name = NAME.matcher(String.valueOf(other.getFileName()));
    return name.matches()
        && Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)
        && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty();
  }

  /** Deletes {@code file}, if it can: no verdict depends on it. */
  public static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.debug("{} could not be deleted", file, e);
      file.toFile().deleteOnExit();
    }
  }
}
