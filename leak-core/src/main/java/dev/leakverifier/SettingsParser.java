package dev.leakverifier;

import dev.leakverifier.page.ReportSetting;
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
  private final Map<SettingKey, List<Setting>> settings = new EnumMap<>(SettingKey.class);

  /** One key as somebody set it, and where. */
  private record Setting(SettingKey key, String value, SettingsSource source) {
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
        String text = entry.getKey();
        SettingKey key =
            SettingKey.of(text)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            source.describe(text) + ": " + SettingKey.refusal(text)));
        settings
            .computeIfAbsent(key, unset -> new ArrayList<>())
            .add(new Setting(key, entry.getValue(), source));
      }
    }
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
    boolean enabled = flag(SettingKey.ENABLED, true);
    return new SettingValues(
        enabled,
        flag(SettingKey.ORIGINS, true),
        isSet(SettingKey.SCOPE)
            ? strongest(SettingKey.SCOPE, SettingsParser::parseLevels)
            : Set.of(),
        options(enabled),
        reportSetting());
  }

  private List<LeakOption> options(boolean enabled) {
    List<LeakOption> options = new ArrayList<>();
    if (isSet(SettingKey.MAX_WAIT)) {
      options.add(
          LeakVerifier.maxWait(strongest(SettingKey.MAX_WAIT, SettingsParser::parseDuration)));
    }
    if (flag(SettingKey.RUN_ON_FAILURE, false)) {
      options.add(LeakVerifier.runOnFailure());
    }
    if (isSet(SettingKey.ACTION)) {
      options.add(strongest(SettingKey.ACTION, SettingsParser::parseAction));
    }
    Optional<LeakOption> acceptance = acceptance(enabled);
    if (acceptance.isPresent()) {
      options.add(acceptance.get());
    }
    if (isSet(SettingKey.KNOWN_LIBRARIES)) {
      options.add(LeakVerifier.knownLibraries(flag(SettingKey.KNOWN_LIBRARIES, true)));
    }
    if (isSet(SettingKey.VIRTUAL_THREADS)) {
      options.add(LeakVerifier.virtualThreads(flag(SettingKey.VIRTUAL_THREADS, true)));
    }
    addEach(SettingKey.IGNORE_TOP_FUNCTION, options);
    addEach(SettingKey.IGNORE_ANY_FUNCTION, options);
    addEach(SettingKey.IGNORE_CREATED_BY, options);
    addEach(SettingKey.IGNORE_NAME, options);
    return List.copyOf(options);
  }

  private void addEach(SettingKey key, List<LeakOption> options) {
    for (Setting setting : set(key)) {
      options.addAll(setting.parseEach());
    }
  }

  private Optional<ReportSetting> reportSetting() {
    ReportSetting.When when =
        isSet(SettingKey.REPORT)
            ? strongest(SettingKey.REPORT, SettingsParser::parseWhen)
            : ReportSetting.When.LEAK;
    String source = ReportSetting.DEFAULT_SOURCE;
    Optional<Path> folder;
    if (isSet(SettingKey.REPORT_DIR)) {
      source = strongest(SettingKey.REPORT_DIR).toString();
      folder = Optional.of(strongest(SettingKey.REPORT_DIR, SettingsParser::parseFolder));
    } else {
      folder = ReportSetting.defaultFolder(System.getProperties());
    }
    return folder.isEmpty() || when == ReportSetting.When.NEVER
        ? Optional.empty()
        : Optional.of(new ReportSetting(folder.get(), when == ReportSetting.When.ALWAYS, source));
  }

  /** Which leaks are accepted; a file that is missing or wrong is refused here. */
  private Optional<LeakOption> acceptance(boolean enabled) {
    boolean current = flag(SettingKey.ACCEPT_CURRENT, false);
    if (!isSet(SettingKey.ACCEPTED)) {
      if (current && enabled) {
        throw new IllegalArgumentException(
            "%s: there is no file to add leaks to; set %s to %s"
                .formatted(
                    strongest(SettingKey.ACCEPT_CURRENT),
                    SettingKey.ACCEPTED.text,
                    SettingKey.ACCEPTED.expected));
      }
      return Optional.empty();
    }
    Path file = strongest(SettingKey.ACCEPTED, SettingsParser::parseFile);
    if (!enabled) {
      return Optional.empty();
    }
    try {
      return Optional.of(AcceptedLeaks.in(file).option(current));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s: %s".formatted(strongest(SettingKey.ACCEPTED), e.getMessage()), e);
    }
  }

  private boolean flag(SettingKey key, boolean otherwise) {
    return isSet(key) ? strongest(key, SettingsParser::parseBoolean) : otherwise;
  }

  private boolean isSet(SettingKey key) {
    return settings.containsKey(key);
  }

  /** Of a key that is set. */
  private <T> T strongest(SettingKey key, Function<String, Optional<T>> parser) {
    List<T> values = new ArrayList<>();
    for (Setting setting : set(key)) { // a bad value in a weaker place is an error, too
      values.add(setting.parse(parser));
    }
    return values.get(0);
  }

  /** Of a key that is set. */
  private Setting strongest(SettingKey key) {
    return set(key).get(0);
  }

  private List<Setting> set(SettingKey key) {
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
