package dev.leakverifier;

import static java.util.stream.Collectors.joining;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives the {@code leak.*} keys their meaning, or says what is wrong with one, and where.
 *
 * <p>The first test of a JVM waits for this: so it is only looked at what is set, and nothing of
 * Guava is used.
 */
final class SettingsParser {
  /** By key; those of the strongest source first. */
  private final Map<Key, List<Setting>> settings = new EnumMap<>(Key.class);

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

  /** One key as somebody set it, and where. */
  private record Setting(Key key, String value, SettingsSource source) {
    <T> T parse(Function<String, Optional<T>> parser) {
      return parser
          .apply(value.trim())
          .orElseThrow(
              () -> new IllegalArgumentException("%s must be %s".formatted(this, key.expected)));
    }

    List<LeakOption> parseEach() {
      try {
        return names(value).stream().map(this::ignoring).toList();
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("%s: %s".formatted(this, e.getMessage()), e);
      }
    }

    private LeakOption ignoring(String name) {
      return switch (key) {
        case IGNORE_TOP_FUNCTION -> LeakVerifier.ignoreTopFunction(name);
        case IGNORE_ANY_FUNCTION -> LeakVerifier.ignoreAnyFunction(name);
        case IGNORE_CREATED_BY -> LeakVerifier.ignoreCreatedBy(name);
        case IGNORE_NAME -> LeakVerifier.ignoreName(name);
        default -> throw new AssertionError(key);
      };
    }

    @Override
    public String toString() {
      return source.describe(key.text);
    }
  }

  private SettingsParser(List<SettingsSource> sources) {
    for (SettingsSource source : sources) {
      for (Map.Entry<String, String> entry : source.values().entrySet()) {
        Key key = key(entry.getKey(), source);
        settings
            .computeIfAbsent(key, unset -> new ArrayList<>())
            .add(new Setting(key, entry.getValue(), source));
      }
    }
  }

  private static Key key(String text, SettingsSource source) {
    for (Key key : Key.values()) {
      if (key.text.equals(text)) {
        return key;
      }
    }
    throw new IllegalArgumentException(
        "%s: there is no such setting; there are %s"
            .formatted(
                source.describe(text),
                Arrays.stream(Key.values()).map(key -> key.text).collect(joining(", "))));
  }

  /**
   * What the {@code sources} say, of which the first is the strongest.
   *
   * @throws IllegalArgumentException if a key is unknown or a value is bad
   */
  static SettingValues parse(List<SettingsSource> sources) {
    return new SettingsParser(sources).values();
  }

  private SettingValues values() {
    boolean enabled = flag(Key.ENABLED, true);
    return new SettingValues(
        enabled,
        flag(Key.ORIGINS, true),
        isSet(Key.SCOPE) ? strongest(Key.SCOPE, SettingsParser::parseLevels) : Set.of(),
        options(enabled),
        reportSetting());
  }

  private List<LeakOption> options(boolean enabled) {
    List<LeakOption> options = new ArrayList<>();
    if (isSet(Key.MAX_WAIT)) {
      options.add(LeakVerifier.maxWait(strongest(Key.MAX_WAIT, SettingsParser::parseDuration)));
    }
    if (flag(Key.RUN_ON_FAILURE, false)) {
      options.add(LeakVerifier.runOnFailure());
    }
    if (isSet(Key.ACTION)) {
      options.add(strongest(Key.ACTION, SettingsParser::parseAction));
    }
    Optional<LeakOption> acceptance = acceptance(enabled);
    if (acceptance.isPresent()) {
      options.add(acceptance.get());
    }
    if (isSet(Key.KNOWN_LIBRARIES)) {
      options.add(LeakVerifier.knownLibraries(flag(Key.KNOWN_LIBRARIES, true)));
    }
    if (isSet(Key.VIRTUAL_THREADS)) {
      options.add(LeakVerifier.virtualThreads(flag(Key.VIRTUAL_THREADS, true)));
    }
    addEach(Key.IGNORE_TOP_FUNCTION, options);
    addEach(Key.IGNORE_ANY_FUNCTION, options);
    addEach(Key.IGNORE_CREATED_BY, options);
    addEach(Key.IGNORE_NAME, options);
    return List.copyOf(options);
  }

  private void addEach(Key key, List<LeakOption> options) {
    for (Setting setting : set(key)) {
      options.addAll(setting.parseEach());
    }
  }

  private Optional<ReportSetting> reportSetting() {
    ReportSetting.When when =
        isSet(Key.REPORT)
            ? strongest(Key.REPORT, SettingsParser::parseWhen)
            : ReportSetting.When.LEAK;
    String source = ReportSetting.DEFAULT_SOURCE;
    Optional<Path> folder;
    if (isSet(Key.REPORT_DIR)) {
      source = strongest(Key.REPORT_DIR).toString();
      folder = Optional.of(strongest(Key.REPORT_DIR, SettingsParser::parseFolder));
    } else {
      folder = ReportSetting.defaultFolder(System.getProperties());
    }
    return folder.isEmpty() || when == ReportSetting.When.NEVER
        ? Optional.empty()
        : Optional.of(new ReportSetting(folder.get(), when == ReportSetting.When.ALWAYS, source));
  }

  /** Which leaks are accepted; a file that is missing or wrong is refused here. */
  private Optional<LeakOption> acceptance(boolean enabled) {
    boolean current = flag(Key.ACCEPT_CURRENT, false);
    if (!isSet(Key.ACCEPTED)) {
      if (current && enabled) {
        throw new IllegalArgumentException(
            "%s: there is no file to add leaks to; set %s to %s"
                .formatted(
                    strongest(Key.ACCEPT_CURRENT), Key.ACCEPTED.text, Key.ACCEPTED.expected));
      }
      return Optional.empty();
    }
    Path file = strongest(Key.ACCEPTED, SettingsParser::parseFile);
    if (!enabled) {
      return Optional.empty();
    }
    try {
      return Optional.of(AcceptedLeaks.in(file).option(current));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s: %s".formatted(strongest(Key.ACCEPTED), e.getMessage()), e);
    }
  }

  private boolean flag(Key key, boolean otherwise) {
    return isSet(key) ? strongest(key, SettingsParser::parseBoolean) : otherwise;
  }

  private boolean isSet(Key key) {
    return settings.containsKey(key);
  }

  /** Of a key that is set. */
  private <T> T strongest(Key key, Function<String, Optional<T>> parser) {
    List<T> values = new ArrayList<>();
    for (Setting setting : set(key)) { // a bad value in a weaker place is an error, too
      values.add(setting.parse(parser));
    }
    return values.get(0);
  }

  /** Of a key that is set. */
  private Setting strongest(Key key) {
    return set(key).get(0);
  }

  private List<Setting> set(Key key) {
    return settings.getOrDefault(key, List.of());
  }

  /** The parts between commas; empty ones are left out. */
  private static List<String> names(String commaSeparated) {
    List<String> names = new ArrayList<>();
    for (String part : commaSeparated.split(",", -1)) {
      String name = part.strip();
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return names;
  }

  private static Optional<Boolean> parseBoolean(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private static Optional<LeakOption> parseAction(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
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

  private static Optional<Set<LeakLevel>> parseLevels(String value) {
    List<String> names = names(value.toUpperCase(Locale.ROOT));
    if (!names.isEmpty() && names.stream().allMatch("AUTO"::equals)) {
      return Optional.of(Set.of());
    }
    Set<LeakLevel> levels = new LinkedHashSet<>();
    for (String name : names) {
      Optional<LeakLevel> level = constant(LeakLevel.values(), name);
      if (level.isEmpty()) {
        return Optional.empty();
      }
      levels.add(level.get());
    }
    return levels.isEmpty() ? Optional.empty() : Optional.of(Collections.unmodifiableSet(levels));
  }

  private static Optional<ReportSetting.When> parseWhen(String value) {
    return constant(ReportSetting.When.values(), value.toUpperCase(Locale.ROOT));
  }

  private static <E extends Enum<E>> Optional<E> constant(E[] all, String name) {
    return Arrays.stream(all).filter(each -> each.name().equals(name)).findFirst();
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
    Matcher plain = Pattern.compile("(\\d+) ?(ms|s)").matcher(value);
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
