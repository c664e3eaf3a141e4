package dev.leakverifier.origin;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether the flight recorder can write its files: where it cannot, it ends the JVM ("An
 * irrecoverable error in Jfr").
 */
final class RecordingRoom {
  private static final long MEGABYTE = 1 << 20;

  /** What it keeps, a copy of that while it is read, and what others may write meanwhile. */
  private static final long TO_START = 128 * MEGABYTE;

  /** Less, so that a recording which has just begun does not end at once. */
  private static final long TO_GO_ON = 64 * MEGABYTE;

  /** A part of the recording is never longer by much. */
  private static final long LONGEST_FILE = 16 * MEGABYTE;

  private RecordingRoom() {}

  /** Where the flight recorder writes, as far as is known before it has begun. */
  static Path folder() {
    String folder = System.getProperty(RecordingFiles.FOLDER_PROPERTY);
    return Path.of(folder == null ? System.getProperty("java.io.tmpdir") : folder);
  }

  /** Why the flight recorder should not begin to write into {@code folder}; empty if it can. */
  static Optional<String> whyNotStart(Path folder) {
    Path there = existing(folder);
    try {
      writeFarOut(there);
      return shortage(there, TO_START);
    } catch (IOException e) {
      return Optional.of(
          "the flight recorder cannot write into %s: %s".formatted(there, e.getMessage()));
    }
  }

  /** Why it should not go on there. */
  static Optional<String> whyNotGoOn(Path folder) throws IOException {
    return shortage(existing(folder), TO_GO_ON);
  }

  static Optional<String> shortage(Path folder, long needed) throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    return free >= needed
        ? Optional.empty()
        : Optional.of(
            "%s has %d MB free, and the flight recorder needs %d (it ends a JVM whose disk is full)"
                .formatted(folder, free / MEGABYTE, needed / MEGABYTE));
  }

  /** A limit of the process (ulimit -f) shows in no free space; takes up next to none itself. */
  private static void writeFarOut(Path folder) throws IOException {
    Path probe = Files.createTempFile(folder, "leakverifier-", ".room");
    try (RandomAccessFile file = new RandomAccessFile(probe.toFile(), "rw")) {
      file.seek(LONGEST_FILE);
      file.write(0);
    } finally {
      Files.delete(probe);
    }
  }

  /** The flight recorder makes a folder that is not there. */
  private static Path existing(Path folder) {
    Path there = folder.toAbsolutePath();
    for (Path up = there; up != null; up = up.getParent()) {
      if (Files.exists(up)) {
        return up;
      }
    }
    return there;
  }
}
