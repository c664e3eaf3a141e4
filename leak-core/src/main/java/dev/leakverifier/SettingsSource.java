package dev.leakverifier;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A place that settings come from, and what it says.
 *
 * <p>Read for each test of JUnit, and mostly silent: so it uses no streams and nothing of Guava,
 * which the first test of a JVM would have to wait for.
 */
final class SettingsSource {
  private final String origin;
  private final Map<String, String> values;

  private SettingsSource(String origin, Map<String, String> values) {
    this.origin = origin;
    this.values = values;
  }

  /** What {@code all} says by keys that are meant to be ours. */
  static SettingsSource of(String origin, Map<?, ?> all) {
    return of(origin, all, /* ourFile= */ false);
  }

  /** The same for our own file. */
  static SettingsSource ofFile() {
    return of(SettingsFile.NAME, SettingsFile.read(), /* ourFile= */ true);
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
  static boolean areSame(List<SettingsSource> some, List<SettingsSource> others) {
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
  String describe(String key) {
    return key + " = \"" + values.get(key) + "\" (" + origin + ")";
  }

  /** By key, in their order. */
  Map<String, String> values() {
    return Collections.unmodifiableMap(values);
  }

  boolean isSilent() {
    return values.isEmpty();
  }
}
