package dev.leakverifier;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Properties;

/** The file {@code leakverifier.properties} on the test class path. */
final class SettingsFile {
  static final String NAME = "leakverifier.properties";

  private SettingsFile() {}

  /** What the file says; nothing if there is none. */
  static ImmutableMap<String, String> read() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    URL url = context == null ? ClassLoader.getSystemResource(NAME) : context.getResource(NAME);
    if (url == null) {
      return ImmutableMap.of();
    }
    Properties properties = new Properties();
    try (InputStream in = url.openStream()) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + url, e);
    }
    return Maps.fromProperties(properties);
  }
}
