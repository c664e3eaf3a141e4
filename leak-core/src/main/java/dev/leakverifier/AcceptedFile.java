package dev.leakverifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.util.Objects.requireNonNull;

import dev.leakverifier.AcceptedList.Entry;
import dev.leakverifier.host.Sha256;
import dev.leakverifier.host.WholeFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of accepted leaks, which several threads and JVMs may read and write at the same time:
 * whoever writes reads it again under a lock, and puts a whole new file in its place.
 */
final class AcceptedFile {
  /** A file lock holds for a whole JVM, and so keeps none of its threads out. */
  private static final Object THREADS = new Object();

  private final Path path;

  /** The file {@code path}, which is absolute. */
  AcceptedFile(Path path) {
    this.path = path;
  }

  /**
   * What is accepted.
   *
   * @throws NoSuchFileException if the file is not there
   * @throws IllegalArgumentException if it is not what such a file has to be
   */
  List<Entry> read() throws IOException {
    return uninterrupted(this::list).entries();
  }

  private AcceptedList list() throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new IllegalArgumentException(
          "%s must be a file, and is %s" // a device may have no end
              .formatted(path, Files.isDirectory(path) ? "a directory" : "none"));
    }
    return AcceptedList.parse(path.toString(), Files.readString(path, UTF_8));
  }

  /**
   * Adds those of {@code entries} that are not there yet; makes the file, and its folder, if there
   * is none.
   *
   * @return what was added
   */
  List<Entry> add(List<Entry> entries) throws IOException {
    return uninterrupted(() -> addMissing(entries));
  }

  @SuppressWarnings("try") // to hold it is all that the lock is for
  private List<Entry> addMissing(List<Entry> entries) throws IOException {
    synchronized (THREADS) {
      Path folder = Files.createDirectories(requireNonNull(path.getParent())).toRealPath();
      try (FileChannel channel = FileChannel.open(lock(folder), CREATE, WRITE, NOFOLLOW_LINKS);
          FileLock lock = channel.lock()) {
        AcceptedList before = Files.exists(path) ? list() : AcceptedList.NONE;
        List<Entry> fresh = notIn(before, entries);
        if (!fresh.isEmpty()) {
          WholeFile.write(path, before.with(fresh).toString());
        }
        return fresh;
      }
    }
  }

  private static List<Entry> notIn(AcceptedList before, List<Entry> entries) {
    List<Entry> known = new ArrayList<>(before.entries());
    List<Entry> fresh = new ArrayList<>();
    for (Entry entry : entries) {
      if (known.stream().noneMatch(each -> each.fingerprint().matches(entry.fingerprint()))) {
        known.add(entry);
        fresh.add(entry);
      }
    }
    return fresh;
  }

  /**
   * The file that is locked: it can never be deleted safely, so it lies where no version control
   * sees it.
   */
  private Path lock(Path folder) {
    String name =
        Sha256.hex(System.getProperty("user.name") + "\n" + folder.resolve(path.getFileName()))
            .substring(0, 16);
    return Path.of(System.getProperty("java.io.tmpdir"), "leakverifier-" + name + ".lock");
  }

  private interface Access<T> {
    T run() throws IOException;
  }

  /** An interrupt that a test has left behind would close the file; it is restored. */
  private static <T> T uninterrupted(Access<T> access) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      return access.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
