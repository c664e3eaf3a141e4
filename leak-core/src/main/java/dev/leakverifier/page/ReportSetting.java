package dev.leakverifier.page;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Where the report of a run is to be written, and when.
 *
 * @param folder need not exist
 * @param always whether also if nothing has leaked
 * @param source where this was said, for messages
 */
public record ReportSetting(Path folder, boolean always, String source) {
  public static final String DEFAULT_SOURCE = "the default of leak.reportDir";

  // Start-up: see docs/performance.md
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ReportSetting setting
        && folder.equals(setting.folder)
        && always == setting.always
        && source.equals(setting.source);
  }

  @Override
  public int hashCode() {
    return folder.hashCode();
  }

  /** When a report is written; the words of {@code leak.report}. */
  public enum When {
    NEVER,
    LEAK,
    ALWAYS
  }

  /**
   * What Maven Surefire and Failsafe say of the folder in which a module is built; empty for any
   * other run.
   */
  public static Optional<Path> defaultFolder(Properties system) {
    String module = system.getProperty("basedir");
    if (module == null || !isSurefire(system)) {
      return Optional.empty();
    }
    try {
      Path target = Path.of(module, "target");
      return Files.isDirectory(target)
          ? Optional.of(target.resolve("leak-report"))
          : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Whether this JVM is one that Surefire or Failsafe has started, and not Maven's own. */
  public static boolean isFork(Properties system) {
    return isSurefire(system) && system.getProperty("maven.home") == null;
  }

  private static boolean isSurefire(Properties system) {
    return system.getProperty("surefire.test.class.path") != null
        || system.getProperty("surefire.real.class.path") != null;
  }
}
