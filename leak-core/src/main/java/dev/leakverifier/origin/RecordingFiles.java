package dev.leakverifier.origin;

import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import dev.leakverifier.host.Log;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder into which the flight recorder writes, where no one but this library has started it.
 *
 * <p>The flight recorder makes it readable to everybody, and removes it when the JVM exits in good
 * order. What a JVM left that was killed is removed by the next one: its folder holds a mark of
 * ours and the id of a process that lives no more.
 */
final class RecordingFiles {
  private static final Log LOG = Log.of(RecordingFiles.class);

  /** Set by the flight recorder, since JDK 14. */
  static final String FOLDER_PROPERTY = "jdk.jfr.repository";

  private static final String MARK = "leakverifier";
  private static final Pattern FOLDER_NAME =
      Pattern.compile("\\d{4}(?:_\\d\\d){5}_(\\d+)(?:_\\d+)?");

  private RecordingFiles() {}

  /** Keeps others out of the folder, and removes folders that killed JVMs have left beside it. */
  static void keepPrivate() {
    String property = System.getProperty(FOLDER_PROPERTY);
    if (property == null) {
      return;
    }
    Path folder = Path.of(property);
    try {
      if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.setPosixFilePermissions(folder, Set.of(OWNER_READ, OWNER_WRITE, OWNER_EXECUTE));
      }
      Files.createFile(folder.resolve(MARK));
      removeLeftOnes(folder.resolveSibling(""));
    } catch (IOException e) {
      LOG.debug("the flight recorder's folder {} stays as it is", folder, e);
    }
  }

  /** Removes the marked folders in {@code place} whose process has ended. */
  static void removeLeftOnes(Path place) throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(place, RecordingFiles::isLeft)) {
      for (Path folder : folders) {
        remove(folder);
      }
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static boolean isLeft(Path folder) {
    Matcher name = FOLDER_NAME.matcher(folder.getFileName().toString());
    return name.matches()
        && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
        && Files.isRegularFile(folder.resolve(MARK), LinkOption.NOFOLLOW_LINKS)
        && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty();
  }
}
