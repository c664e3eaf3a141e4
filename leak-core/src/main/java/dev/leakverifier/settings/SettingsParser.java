package dev.leakverifier.settings;

import dev.leakverifier.check.ThreadFilter;
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
public final class SettingsParser {
  private static final Set<String> LEVELS = Set.of("METHOD", "CLASS", "TEST", "SUITE");

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

    List<Choice> parseEach() {
      try {
        return names(value).stream().map(this::ignoring).toList();
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("%s: %s".formatted(this, e.getMessage()), e);
      }
    }

    private Choice ignoring(String name) {
      return Choice.ignore(
          switch (key) {
            case IGNORE_TOP_FUNCTION -> ThreadFilter.topFunction(name);
            case IGNORE_ANY_FUNCTION -> ThreadFilter.anyFunction(name);
            case IGNORE_CREATED_BY -> ThreadFilter.createdBy(name);
            case IGNORE_NAME -> ThreadFilter.name(name);
            default -> throw new AssertionError(key);
          });
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
  public static SettingValues parse(List<SettingsSource> sources) {
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
        choices(enabled),
        reportSetting());
  }

  private List<Choice> choices(boolean enabled) {
    List<Choice> choices = new ArrayList<>();
    if (isSet(SettingKey.MAX_WAIT)) {
      choices.add(Choice.maxWait(strongest(SettingKey.MAX_WAIT, SettingsParser::parseDuration)));
    }
    if (flag(SettingKey.RUN_ON_FAILURE, false)) {
      choices.add(Choice.runOnFailure());
    }
    if (isSet(SettingKey.ACTION)) {
      choices.add(strongest(SettingKey.ACTION, SettingsParser::parseAction));
    }
    Optional<Choice> acceptance = acceptance(enabled);
    if (acceptance.isPresent()) {
      choices.add(acceptance.get());
    }
    if (isSet(SettingKey.KNOWN_LIBRARIES)) {
      choices.add(Choice.knownLibraries(flag(SettingKey.KNOWN_LIBRARIES, true)));
    }
    if (isSet(SettingKey.VIRTUAL_THREADS)) {
      choices.add(Choice.virtualThreads(flag(SettingKey.VIRTUAL_THREADS, true)));
    }
    addEach(SettingKey.IGNORE_TOP_FUNCTION, choices);
    addEach(SettingKey.IGNORE_ANY_FUNCTION, choices);
    addEach(SettingKey.IGNORE_CREATED_BY, choices);
    addEach(SettingKey.IGNORE_NAME, choices);
    return List.copyOf(choices);
  }

  private void addEach(SettingKey key, List<Choice> choices) {
    for (Setting setting : set(key)) {
      choices.addAll(setting.parseEach());
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
  private Optional<Choice> acceptance(boolean enabled) {
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
      AcceptedLeaks leaks = AcceptedLeaks.in(file);
      leaks.check(current);
      return Optional.of(Choice.accept(leaks, current));
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

  private static Optional<Choice> parseAction(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "warn" -> Optional.of(Choice.warnOnly());
      case "fail" -> // said, since it is stronger than an option in code
          Optional.of(new Choice("leak.action=fail", settings -> settings.warnOnly(false)));
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

  private static Optional<Set<String>> parseLevels(String value) {
    List<String> names = names(value.toUpperCase(Locale.ROOT));
    if (!names.isEmpty() && names.stream().allMatch("AUTO"::equals)) {
      return Optional.of(Set.of());
    }
    return names.isEmpty() || !LEVELS.containsAll(names)
        ? Optional.empty()
        : Optional.of(Collections.unmodifiableSet(new LinkedHashSet<>(names)));
  }

  private static Optional<ReportSetting.When> parseWhen(String value) {
    String name = value.toUpperCase(Locale.ROOT);
    return Arrays.stream(ReportSetting.When.values())
        .filter(each -> each.name().equals(name))
        .findFirst();
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
