package dev.leakverifier;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;

import dev.leakverifier.page.ReportSetting;
import dev.leakverifier.settings.SettingValues;
import dev.leakverifier.settings.SettingsParser;
import dev.leakverifier.settings.SettingsSource;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The settings that need no code: the {@code leak.*} keys. For adapters to test frameworks.
 *
 * <pre>{@code
 * LeakConfiguration.load("testng.xml parameter", Map.of("leak.scope", "class")).levels()
 * }</pre>
 *
 * <p>The framework's parameters are stronger than system properties, and these than {@code
 * leakverifier.properties} on the class path; what is to be ignored adds up over all three.
 * Immutable.
 */
public final class LeakConfiguration {
  /** What was read last: mostly the same is read again, and parsing it anew would cost a test. */
  private static volatile LeakConfiguration last = new LeakConfiguration(List.of());

  private final List<SettingsSource> sources;
  private final SettingValues values;
  private final List<LeakOption> options;

  private LeakConfiguration(List<SettingsSource> sources) {
    this.sources = List.copyOf(sources);
    this.values = SettingsParser.parse(sources);
    this.options =
        values.choices().isEmpty()
            ? List.of()
            : values.choices().stream().map(LeakOption::new).toList();
  }

  /**
   * Reads the settings from all three places; the same object again if nothing has changed.
   *
   * @param origin what the framework's parameters are called, for messages
   * @param parameters the framework's parameters; only {@code leak.*} keys are looked at, and what
   *     is surely meant for one, such as {@code leaks.maxWait}
   * @throws IllegalArgumentException if such a key is unknown or a value is bad; the message names
   *     the key, the value, where it was set, and what would be right
   */
  public static LeakConfiguration load(String origin, Map<String, String> parameters) {
    List<SettingsSource> sources =
        speaking(SettingsSource.of(origin, parameters), systemProperties());
    LeakConfiguration known = last;
    if (!SettingsSource.areSame(known.sources, sources)) {
      known = new LeakConfiguration(sources);
      last = known;
    }
    return known;
  }

  /**
   * Reads the settings of a framework whose own parameters are weaker than system properties, and
   * stronger than {@code leakverifier.properties}.
   *
   * @param origin what the framework's parameters are called, for messages
   * @param file the framework's own on the class path: a misspelt key is only seen there
   * @param parameter tells what the framework knows by a key; what a system property says, too,
   *     counts as that
   * @throws IllegalArgumentException as {@link #load}
   */
  public static LeakConfiguration loadWithin(
      String origin, String file, Function<String, Optional<String>> parameter) {
    Map<Object, Object> parameters = new HashMap<>(SettingsSource.read(file));
    for (String key : SettingsSource.keys()) {
      Optional<String> value = parameter.apply(key);
      if (value.isPresent() && System.getProperty(key) == null) {
        parameters.put(key, value.get());
      }
    }
    return new LeakConfiguration(
        speaking(systemProperties(), SettingsSource.of(origin, parameters)));
  }

  private static SettingsSource systemProperties() {
    return SettingsSource.of("system property", System.getProperties());
  }

  /**
   * Those that say something, the strongest first, and our file last. What a silent one is called
   * is no change.
   */
  private static List<SettingsSource> speaking(SettingsSource strongest, SettingsSource next) {
    List<SettingsSource> sources = new ArrayList<>();
    for (SettingsSource source : List.of(strongest, next, SettingsSource.ofFile())) {
      if (!source.isSilent()) {
        sources.add(source);
      }
    }
    return sources;
  }

  /** Whether anything is to be checked; {@code leak.enabled}. */
  public boolean isEnabled() {
    return values.enabled();
  }

  /** Whether it is to be recorded who starts threads; {@code leak.origins}. */
  public boolean recordsOrigins() {
    return values.origins();
  }

  /** The levels named by {@code leak.scope}; empty for {@code auto}. */
  public Set<LeakLevel> levels() {
    return values.levels().isEmpty()
        ? Set.of()
        : values.levels().stream()
            .map(LeakLevel::valueOf)
            .collect(toCollection(() -> EnumSet.noneOf(LeakLevel.class)));
  }

  /** What the other keys say, as options. */
  public List<LeakOption> options() {
    return options;
  }

  /**
   * What holds for a test: the other keys, and {@link IgnoreLeaks} on its method and its class, on
   * overridden methods and superclasses.
   *
   * @param method the test or fixture; null for the class as a whole
   * @return empty if the test is not to be checked at all
   * @throws IllegalArgumentException if an annotation holds a bad value; the message names the
   *     place
   */
  public Optional<List<LeakOption>> optionsFor(Class<?> testClass, @Nullable Method method) {
    return isEnabled()
        ? LeakAnnotations.optionsFor(testClass, method)
            .map(annotated -> Stream.of(options, annotated).flatMap(List::stream).toList())
        : Optional.empty();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LeakConfiguration configuration
        && SettingsSource.areSame(sources, configuration.sources);
  }

  @Override
  public int hashCode() {
    return sources.size();
  }

  /** Where a report of the run goes, and when; empty if none is wanted, or there is no folder. */
  Optional<ReportSetting> report() {
    return values.report();
  }

  /** The settings in force, with where each was made; for logs. */
  @Override
  public String toString() {
    return sources.isEmpty()
        ? "defaults"
        : sources.stream()
            .flatMap(source -> source.values().keySet().stream().map(source::describe))
            .collect(joining(", "));
  }
}
