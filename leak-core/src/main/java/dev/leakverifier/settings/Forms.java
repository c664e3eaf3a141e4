package dev.leakverifier.settings;

import dev.leakverifier.page.ReportSetting;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the values of settings look like; empty where a text does not look so. */
final class Forms {
  private static final Set<String> LEVELS = Set.of("METHOD", "CLASS", "TEST", "SUITE");

  private Forms() {}

  /** The parts between commas; empty ones are left out. */
  static List<String> names(String commaSeparated) {
    List<String> names = new ArrayList<>();
    for (String part : commaSeparated.split(",", -1)) {
      String name = part.strip();
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return names;
  }

  static Optional<List<String>> packages(String value) {
    List<String> packages = names(value);
    boolean areNames = packages.stream().allMatch(each -> each.matches("[\\w$]+(\\.[\\w$]+)*"));
    return areNames && !packages.isEmpty() ? Optional.of(packages) : Optional.empty();
  }

  static Optional<Boolean> flag(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  /** Also the default is a choice, since it is stronger than an option in code. */
  static Optional<Choice> action(String value) {
    return switch (value.toLowerCase(Locale.ROOT).replaceAll("\\s*,\\s*", ",")) {
      case "warn" -> Optional.of(Choice.warnOnly());
      case "fail" -> Optional.of(Choice.action(/* warnOnly= */ false, /* interrupts= */ false));
      case "warn,interrupt", "interrupt,warn" ->
          Optional.of(Choice.action(/* warnOnly= */ true, /* interrupts= */ true));
      case "fail,interrupt", "interrupt,fail", "interrupt" ->
          Optional.of(Choice.action(/* warnOnly= */ false, /* interrupts= */ true));
      default -> Optional.empty();
    };
  }

  static Optional<Path> file(String value) {
    try {
      return value.isEmpty() ? Optional.empty() : Optional.of(Path.of(value));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  static Optional<Set<String>> levels(String value) {
    List<String> names = names(value.toUpperCase(Locale.ROOT));
    if (!names.isEmpty() && names.stream().allMatch("AUTO"::equals)) {
      return Optional.of(Set.of());
    }
    return names.isEmpty() || !LEVELS.containsAll(names)
        ? Optional.empty()
        : Optional.of(Collections.unmodifiableSet(new LinkedHashSet<>(names)));
  }

  static Optional<ReportSetting.When> when(String value) {
    String name = value.toUpperCase(Locale.ROOT);
    return Arrays.stream(ReportSetting.When.values())
        .filter(each -> each.name().equals(name))
        .findFirst();
  }

  static Optional<Path> folder(String value) {
    return file(value).map(path -> path.toAbsolutePath().normalize());
  }

  static Optional<Duration> duration(String value) {
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
