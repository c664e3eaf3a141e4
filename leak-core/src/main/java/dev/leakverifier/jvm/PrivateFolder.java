package dev.leakverifier.jvm;

import dev.leakverifier.host.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A folder for temporary files that only this user can read.
 *
 * <p>It stays until the JVM exits, since making and deleting it would take a third of the time of a
 * small thread dump; the files in it do not.
 */
final class PrivateFolder {
  private static final Log LOG = Log.of(PrivateFolder.class);

  private static @Nullable Path folder;
  private static long files;

  private PrivateFolder() {}

  /** A file that does not exist yet. */
  static synchronized Path newFile() throws IOException {
    Path current = folder;
    if (current == null || !Files.isDirectory(current, LinkOption.NOFOLLOW_LINKS)) {
      current = Files.createTempDirectory("leakverifier");
      current.toFile().deleteOnExit();
      folder = current;
    }
    return current.resolve("dump-" + ++files);
  }

  /** Deletes {@code file}, if it can: no verdict depends on it. */
  static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.debug("{} could not be deleted", file, e);
      file.toFile().deleteOnExit();
    }
  }
}
