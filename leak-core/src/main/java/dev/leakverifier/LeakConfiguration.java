package dev.leakverifier;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.util.stream.Collectors.joining;

import com.google.common.base.Ascii;
import com.google.common.base.Enums;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
  private static final Splitter COMMAS = Splitter.on(',').trimResults().omitEmptyStrings();
  private static final Pattern PLAIN_DURATION = Pattern.compile("(\\d+) ?(ms|s)");

  /** What was read last: mostly the same is read again, and parsing it anew would cost a test. */
  private static volatile LeakConfiguration last = new LeakConfiguration(ImmutableList.of());

  private final boolean enabled;
  private final boolean origins;
  private final ImmutableSet<LeakLevel> levels;
  private final ImmutableList<LeakOption> options;
  private final Optional<ReportSetting> report;
  private final ImmutableList<Source> sources;
  private final ImmutableList<Setting> settings;

  private enum Key {
    ENABLED("leak.enabled", "true or false"),
    SCOPE("leak.scope", "auto, or one or several of method, class, test, suite, comma-separated"),
    MAX_WAIT("leak.maxWait", "a duration such as 750ms, 2s or PT2S"),
    IGNORE_TOP_FUNCTION("leak.ignoreTopFunction", "functions, comma-separated"),
    IGNORE_ANY_FUNCTION("leak.ignoreAnyFunction", "functions, comma-separated"),
    IGNORE_CREATED_BY("leak.ignoreCreatedBy", "functions, comma-separated"),
    IGNORE_NAME("leak.ignoreName", "thread names with * and ?, comma-separated"),
    RUN_ON_FAILURE("leak.runOnFailure", "true or false"),
    ACTION("leak.action", "fail or warn"),
    ACCEPTED("leak.accepted", "a file, e.g. src/test/accepted-leaks.txt"),
    ACCEPT_CURRENT("leak.acceptCurrent", "true or false"),
    KNOWN_LIBRARIES("leak.knownLibraries", "true or false"),
    ORIGINS("leak.origins", "true or false"),
    VIRTUAL_THREADS("leak.virtualThreads", "true or false"),
    REPORT("leak.report", "leak, always or never"),
    REPORT_DIR("leak.reportDir", "a folder, which need not exist");

    private final String text;
    private final String expected;

    Key(String text, String expected) {
      this.text = text;
      this.expected = expected;
    }
  }

  /** A place that settings come from, and what it says, by key. */
  private record Source(String origin, ImmutableMap<String, String> values) {
    static Source of(String origin, Map<?, ?> all) {
      Map<String, String> ours = new TreeMap<>();
      all.forEach(
          (key, value) -> {
            if (key instanceof String name && name.startsWith("leak.")) {
              ours.put(name, String.valueOf(value));
            }
          });
      return new Source(origin, ImmutableMap.copyOf(ours));
    }

    Stream<Setting> settings() {
      return values.entrySet().stream()
          .map(entry -> Setting.of(entry.getKey(), entry.getValue(), origin));
    }
  }

  /** One key as somebody set it, and where. */
  private record Setting(Key key, String value, String origin) {
    static Setting of(String text, String value, String origin) {
      return Arrays.stream(Key.values())
          .filter(key -> key.text.equals(text))
          .map(key -> new Setting(key, value, origin))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "%s = \"%s\" (%s): there is no such setting; there are %s"
                          .formatted(text, value, origin, keys())));
    }

    <T> T parse(Function<String, Optional<T>> parser) {
      return parser
          .apply(value.trim())
          .orElseThrow(
              () -> new IllegalArgumentException("%s must be %s".formatted(this, key.expected)));
    }

    List<LeakOption> parseEach(Function<String, LeakOption> option) {
      try {
        return COMMAS.splitToStream(value).map(option).toList();
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("%s: %s".formatted(this, e.getMessage()), e);
      }
    }

    @Override
    public String toString() {
      return "%s = \"%s\" (%s)".formatted(key.text, value, origin);
    }

    private static String keys() {
      return Arrays.stream(Key.values()).map(key -> key.text).collect(joining(", "));
    }
  }

  private LeakConfiguration(ImmutableList<Source> sources) {
    this.sources = sources;
    this.settings = sources.stream().flatMap(Source::settings).collect(toImmutableList());
    this.enabled = strongest(Key.ENABLED, LeakConfiguration::parseBoolean).orElse(true);
    this.origins = strongest(Key.ORIGINS, LeakConfiguration::parseBoolean).orElse(true);
    this.levels = strongest(Key.SCOPE, LeakConfiguration::parseLevels).orElse(ImmutableSet.of());
    ImmutableList.Builder<LeakOption> builder = ImmutableList.builder();
    strongest(Key.MAX_WAIT, LeakConfiguration::parseDuration)
        .map(LeakVerifier::maxWait)
        .ifPresent(builder::add);
    strongest(Key.RUN_ON_FAILURE, LeakConfiguration::parseBoolean)
        .filter(wanted -> wanted)
        .map(wanted -> LeakVerifier.runOnFailure())
        .ifPresent(builder::add);
    strongest(Key.ACTION, LeakConfiguration::parseAction).ifPresent(builder::add);
    acceptance().ifPresent(builder::add);
    strongest(Key.KNOWN_LIBRARIES, LeakConfiguration::parseBoolean)
        .map(LeakVerifier::knownLibraries)
        .ifPresent(builder::add);
    strongest(Key.VIRTUAL_THREADS, LeakConfiguration::parseBoolean)
        .map(LeakVerifier::virtualThreads)
        .ifPresent(builder::add);
    this.options =
        builder
            .addAll(all(Key.IGNORE_TOP_FUNCTION, LeakVerifier::ignoreTopFunction))
            .addAll(all(Key.IGNORE_ANY_FUNCTION, LeakVerifier::ignoreAnyFunction))
            .addAll(all(Key.IGNORE_CREATED_BY, LeakVerifier::ignoreCreatedBy))
            .addAll(all(Key.IGNORE_NAME, LeakVerifier::ignoreName))
            .build();
    this.report = reportSetting();
  }

  /**
   * Reads the settings from all three places; the same object again if nothing has changed.
   *
   * @param origin what the framework's parameters are called, for messages
   * @param parameters the framework's parameters; only {@code leak.*} keys are looked at
   * @throws IllegalArgumentException if a {@code leak.*} key is unknown or a value is bad; the
   *     message names the key, the value, where it was set, and what would be right
   */
  public static LeakConfiguration load(String origin, Map<String, String> parameters) {
    ImmutableList<Source> sources =
        Stream.of(
                Source.of(origin, parameters),
                Source.of("system property", System.getProperties()),
                Source.of(SettingsFile.NAME, SettingsFile.read()))
            .filter(
                source -> !source.values().isEmpty()) // what a silent one is called is no change
            .collect(toImmutableList());
    LeakConfiguration known = last;
    if (!known.sources.equals(sources)) {
      known = new LeakConfiguration(sources);
      last = known;
    }
    return known;
  }

  /** Whether anything is to be checked; {@code leak.enabled}. */
  public boolean isEnabled() {
    return enabled;
  }

  /** Whether it is to be recorded who starts threads; {@code leak.origins}. */
  public boolean recordsOrigins() {
    return origins;
  }

  /** The levels named by {@code leak.scope}; empty for {@code auto}. */
  public Set<LeakLevel> levels() {
    return levels;
  }

  /** What the other keys say, as options. */
  public List<LeakOption> options() {
    return options;
  }

  /** Where a report of the run goes, and when; empty if none is wanted, or there is no folder. */
  Optional<ReportSetting> report() {
    return report;
  }

  private Optional<ReportSetting> reportSetting() {
    ReportSetting.When when =
        strongest(
                Key.REPORT,
                value ->
                    Enums.getIfPresent(ReportSetting.When.class, Ascii.toUpperCase(value))
                        .toJavaUtil())
            .orElse(ReportSetting.When.LEAK);
    Optional<Path> folder = strongest(Key.REPORT_DIR, LeakConfiguration::parseFolder);
    String source =
        set(Key.REPORT_DIR)
            .findFirst()
            .map(Setting::toString)
            .orElse("the default of leak.reportDir");
    return folder
        .or(() -> ReportSetting.defaultFolder(System.getProperties()))
        .filter(any -> when != ReportSetting.When.NEVER)
        .map(path -> new ReportSetting(path, when == ReportSetting.When.ALWAYS, source));
  }

  /** The settings in force, with where each was made; for logs. */
  @Override
  public String toString() {
    return settings.isEmpty()
        ? "defaults"
        : settings.stream().map(Setting::toString).collect(joining(", "));
  }

  private <T> Optional<T> strongest(Key key, Function<String, Optional<T>> parser) {
    ImmutableList<T> values = // all of them, since a bad value in a weaker place is an error too
        set(key).map(setting -> setting.parse(parser)).collect(toImmutableList());
    return values.stream().findFirst();
  }

  private ImmutableList<LeakOption> all(Key key, Function<String, LeakOption> option) {
    return set(key)
        .flatMap(setting -> setting.parseEach(option).stream())
        .collect(toImmutableList());
  }

  /** Which leaks are accepted; a file that is missing or wrong is refused here. */
  private Optional<LeakOption> acceptance() {
    boolean current = strongest(Key.ACCEPT_CURRENT, LeakConfiguration::parseBoolean).orElse(false);
    Optional<Path> file = strongest(Key.ACCEPTED, LeakConfiguration::parseFile);
    if (!enabled) {
      return Optional.empty();
    }
    if (current && file.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: there is no file to add leaks to; set %s to %s"
              .formatted(strongest(Key.ACCEPT_CURRENT), Key.ACCEPTED.text, Key.ACCEPTED.expected));
    }
    try {
      return file.map(path -> AcceptedLeaks.in(path).option(current));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s: %s".formatted(strongest(Key.ACCEPTED), e.getMessage()), e);
    }
  }

  private Setting strongest(Key key) {
    return set(key).findFirst().orElseThrow();
  }

  private Stream<Setting> set(Key key) {
    return settings.stream().filter(setting -> setting.key() == key);
  }

  private static Optional<Boolean> parseBoolean(String value) {
    return switch (Ascii.toLowerCase(value)) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private static Optional<LeakOption> parseAction(String value) {
    return switch (Ascii.toLowerCase(value)) {
      case "warn" -> Optional.of(LeakVerifier.warnOnly());
      case "fail" -> // said, since it is stronger than an option in code
          Optional.of(new LeakOption("leak.action=fail", settings -> settings.warnOnly(false)));
      default -> Optional.empty();
    };
  }

  private static Optional<Path> parseFile(String value) {
    try {
      return value.isEmpty() ? Optional.empty() : Optional.of(Path.of(value));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Optional<ImmutableSet<LeakLevel>> parseLevels(String value) {
    ImmutableSet<String> names = ImmutableSet.copyOf(COMMAS.split(Ascii.toUpperCase(value)));
    if (names.equals(ImmutableSet.of("AUTO"))) {
      return Optional.of(ImmutableSet.of());
    }
    ImmutableSet<LeakLevel> levels =
        names.stream()
            .flatMap(name -> Enums.getIfPresent(LeakLevel.class, name).asSet().stream())
            .collect(toImmutableSet());
    return levels.isEmpty() || levels.size() < names.size()
        ? Optional.empty()
        : Optional.of(levels);
  }

  private static Optional<Path> parseFolder(String value) {
    try {
      return Optional.of(value)
          .filter(text -> !text.isEmpty())
          .map(text -> Path.of(text).toAbsolutePath().normalize());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> parseDuration(String value) {
    Matcher plain = PLAIN_DURATION.matcher(value);
    try {
      Duration duration =
          plain.matches()
              ? Duration.of(
                  Long.parseLong(plain.group(1)),
                  plain.group(2).equals("ms") ? ChronoUnit.MILLIS : ChronoUnit.SECONDS)
              : Duration.parse(value);
      return Optional.of(duration).filter(wait -> !wait.isNegative());
    } catch (DateTimeException | NumberFormatException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
