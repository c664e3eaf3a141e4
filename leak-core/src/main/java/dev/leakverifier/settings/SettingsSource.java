package dev.leakverifier.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A place that settings come from, and what it says.
 *
 * <p>Read for each test of JUnit, and mostly silent: so it uses no streams and nothing of Guava,
 * which the first test of a JVM would have to wait for.
 */
public final class SettingsSource {
  private static final String FILE = "leakverifier.properties";

  /**
   * What our file says on the class path of each class loader. Read once: to look for it means to
   * look into every jar, which would be most of what a rule costs a small test.
   */
  private static final Map<@Nullable ClassLoader, Map<?, ?>> READ =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final String origin;
  private final Map<String, String> values;

  private SettingsSource(String origin, Map<String, String> values) {
    this.origin = origin;
    this.values = values;
  }

  /** All keys that there are. */
  public static List<String> keys() {
    return Arrays.stream(SettingKey.values()).map(key -> key.text).toList();
  }

  /** What {@code all} says by keys that are meant to be ours. */
  public static SettingsSource of(String origin, Map<?, ?> all) {
    return of(origin, all, /* ourFile= */ false);
  }

  /** What {@code leakverifier.properties} on the test class path says; nothing if there is none. */
  public static SettingsSource ofFile() {
    Map<?, ?> all =
        READ.computeIfAbsent(
            Thread.currentThread().getContextClassLoader(), context -> read(FILE, context));
    return of(FILE, all, /* ourFile= */ true);
  }

  /** What a file on the test class path says; nothing if there is none. */
  public static Map<?, ?> read(String file) {
    return read(file, Thread.currentThread().getContextClassLoader());
  }

  private static Map<?, ?> read(String file, @Nullable ClassLoader context) {
    URL url = context == null ? ClassLoader.getSystemResource(file) : context.getResource(file);
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

  private static SettingsSource of(String origin, Map<?, ?> all, boolean ourFile) {
    Map<String, String> ours = Map.of();
    for (Map.Entry<?, ?> entry : all.entrySet()) {
      if (entry.getKey() instanceof String key
          && (ourFile ? SettingKey.isMeantInOurFile(key) : SettingKey.isMeantBy(key))) {
        ours = ours.isEmpty() ? new TreeMap<>() : ours;
        ours.put(key, String.valueOf(entry.getValue()));
      }
    }
    return new SettingsSource(origin, ours);
  }

  /** Whether all are called the same and say the same. */
  public static boolean areSame(List<SettingsSource> some, List<SettingsSource> others) {
    if (some.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < some.size(); i++) {
      SettingsSource one = some.get(i);
      SettingsSource other = others.get(i);
      if (!one.origin.equals(other.origin) || !one.values.equals(other.values)) {
        return false;
      }
    }
    return true;
  }

  /** What {@code key} says here, and where that is. */
  public String describe(String key) {
    return key + " = \"" + values.get(key) + "\" (" + origin + ")";
  }

  /** By key, in their order. */
  public Map<String, String> values() {
    return Collections.unmodifiableMap(values);
  }

  public boolean isSilent() {
    return values.isEmpty();
  }
}
