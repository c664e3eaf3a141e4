package dev.leakverifier;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code leakverifier.properties} on the test class path.
 *
 * <p>Read once for each class loader: to look for it means to look into every jar, which would be
 * most of what a rule costs a small test.
 */
final class SettingsFile {
  static final String NAME = "leakverifier.properties";

  private static final Map<@Nullable ClassLoader, Map<?, ?>> READ =
      Collections.synchronizedMap(new WeakHashMap<>());

  private SettingsFile() {}

  /** What the file says; nothing if there is none. */
  static Map<?, ?> read() {
    return READ.computeIfAbsent(Thread.currentThread().getContextClassLoader(), SettingsFile::read);
  }

  private static Map<?, ?> read(@Nullable ClassLoader context) {
    URL url = context == null ? ClassLoader.getSystemResource(NAME) : context.getResource(NAME);
    if (url == null) {
      return Map.of();
    }
    Properties properties = new Properties();
    try (InputStream in = url.openStream()) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + url, e);
    }
    return Collections.unmodifiableMap(properties);
  }
}
