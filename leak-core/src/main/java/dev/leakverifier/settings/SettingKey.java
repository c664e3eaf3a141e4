package dev.leakverifier.settings;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys of settings, and what is right for each. */
enum SettingKey {
  ENABLED("enabled", "true or false"),
  SCOPE("scope", "auto, or one or several of method, class, test, suite, comma-separated"),
  MAX_WAIT("maxWait", "a duration such as 750ms, 2s or PT2S"),
  FIRST_WAIT("firstWait", "a duration such as 750ms, 2s or PT2S"),
  IGNORE_TOP_FUNCTION("ignoreTopFunction", "functions, comma-separated"),
  IGNORE_ANY_FUNCTION("ignoreAnyFunction", "functions, comma-separated"),
  IGNORE_CREATED_BY("ignoreCreatedBy", "functions, comma-separated"),
  IGNORE_NAME("ignoreName", "thread names with * and ?, comma-separated"),
  RUN_ON_FAILURE("runOnFailure", "true or false"),
  ACTION("action", "fail or warn, or one of them and interrupt, comma-separated"),
  ACCEPTED("accepted", "a file, e.g. src/test/accepted-leaks.txt"),
  ACCEPT_CURRENT("acceptCurrent", "true or false"),
  KNOWN_LIBRARIES("knownLibraries", "true or false"),
  OWN_PACKAGES("ownPackages", "packages, comma-separated, e.g. com.acme"),
  ORIGINS("origins", "true or false"),
  VIRTUAL_THREADS("virtualThreads", "true or false"),
  HEAP("heap", "auto, always or never"),
  REPORT("report", "leak, always or never"),
  REPORT_DIR("reportDir", "a folder, which need not exist");

  private static final String PREFIX = "leak.";

  final String text;
  final String expected;

  SettingKey(String name, String expected) {
    this.text = PREFIX + name;
    this.expected = expected;
  }

  /** The key that reads so; empty if there is none. */
  static Optional<SettingKey> of(String text) {
    for (SettingKey key : values()) {
      if (key.text.equals(text)) {
        return Optional.of(key);
      }
    }
    return Optional.empty();
  }

  /**
   * Whether somebody wrote {@code text} for a key of ours, misspelt or not. So it is if it begins
   * as ours do, or if it is the name of a setting after one of our own names, in any case and with
   * any separators: {@code leaks.maxWait}, {@code LEAK_MAX_WAIT}, {@code leakverifier.enabled}. Not
   * so {@code leakverifier.version}, nor {@code leakDetection.enabled}.
   */
  static boolean isMeantBy(String text) {
    return text.startsWith(PREFIX) || (mayBeMeantBy(text) && Misspelt.of(text).isPresent());
  }

  /** {@link #isMeantBy} for a key in a file of our own, where it may lack our name. */
  static boolean isMeantInOurFile(String text) {
    return isMeantBy(text) || Misspelt.of(PREFIX + text).isPresent();
  }

  /** Asked of all system properties for each test of JUnit. */
  private static boolean mayBeMeantBy(String text) {
    return text.regionMatches(/* ignoreCase= */ true, 0, "leak", 0, 4)
        || text.regionMatches(/* ignoreCase= */ true, 0, "dev.leak", 0, 8);
  }

  /** What is wrong with the key {@code text}, which is none of ours. */
  static String refusal(String text) {
    return "there is no such setting; "
        + Misspelt.of(text)
            .or(() -> Misspelt.of(PREFIX + text))
            .map(key -> "write " + key.text)
            .orElseGet(
                () ->
                    "there are "
                        + Arrays.stream(values()).map(key -> key.text).collect(joining(", ")));
  }

  /** Keys that somebody wrote in a way of their own. */
  private static final class Misspelt {
    private static final Pattern KEY =
        Pattern.compile("(?i)(?:dev\\W)?(?:leak[\\W_]?verifier(?:[\\W_]leaks?)?|leaks?)[\\W_](.+)");

    static Optional<SettingKey> of(String text) {
      Matcher parts = KEY.matcher(text);
      if (!parts.matches()) {
        return Optional.empty();
      }
      String ours = letters(PREFIX + parts.group(1));
      return Arrays.stream(values()).filter(key -> letters(key.text).equals(ours)).findFirst();
    }

    private static String letters(String key) {
      return key.replaceAll("[\\W_]", "").toLowerCase(Locale.ROOT);
    }
  }
}
