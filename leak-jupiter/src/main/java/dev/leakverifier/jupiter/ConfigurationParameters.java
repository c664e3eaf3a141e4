package dev.leakverifier.jupiter;

import dev.leakverifier.LeakConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The settings, of which some may be JUnit's configuration parameters. */
final class ConfigurationParameters {
  private static final String FILE = "junit-platform.properties";

  private ConfigurationParameters() {}

  /**
   * Reads them. JUnit only tells of keys that one knows: misspelt ones are looked for in its file.
   */
  static LeakConfiguration read(ExtensionContext context) {
    Properties file = new Properties();
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    try (InputStream in =
        loader == null
            ? ClassLoader.getSystemResourceAsStream(FILE)
            : loader.getResourceAsStream(FILE)) {
      if (in != null) {
        file.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + FILE, e);
    }
    return LeakConfiguration.loadWithin(
        "JUnit configuration parameter", file, context::getConfigurationParameter);
  }
}
