package dev.leakverifier.profile;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.stream.Collectors.joining;

import com.google.common.base.Splitter;
import dev.leakverifier.text.Names;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for.
 *
 * @param detail of a text: 1 for the groups, 2 for every thread
 * @param seconds what time the difference is to be over; 0 if none is asked for
 * @param jvm whether the threads count that the JVM has for itself
 */
record ProfileQuery(ProfileFormat format, int detail, int seconds, boolean jvm) {
  /** The longest difference, in seconds: so long a request may take one of the few places. */
  static final int MAX_SECONDS = 60;

  private static final List<String> KEYS = List.of("debug", "format", "seconds", "jvm");

  /**
   * Reads a query as it stands in a URL.
   *
   * @throws IllegalArgumentException if it asks for anything that there is not; says what there is
   */
  static ProfileQuery parse(@Nullable String rawQuery) {
    Map<String, String> values = values(rawQuery);
    ProfileFormat format = format(values.get("format"));
    String debug = values.get("debug");
    checkArgument(
        debug == null || format == ProfileFormat.TEXT,
        "debug is only for format=text, not for format=%s",
        format);
    return new ProfileQuery(
        format,
        debug == null ? 1 : number("debug", debug, 1, 2),
        values.containsKey("seconds")
            ? number("seconds", values.getOrDefault("seconds", ""), 1, MAX_SECONDS)
            : 0,
        jvm(values.getOrDefault("jvm", "true")));
  }

  private static Map<String, String> values(@Nullable String rawQuery) {
    Map<String, String> values = new HashMap<>();
    if (rawQuery == null || rawQuery.isEmpty()) {
      return values;
    }
    for (String parameter : Splitter.on('&').split(rawQuery)) {
      List<String> parts = Splitter.on('=').limit(2).splitToList(parameter);
      String key = decode(parts.get(0));
      checkArgument(
          KEYS.contains(key), "there is no parameter %s; there are %s", shown(key), keys());
      checkArgument(parts.size() == 2, "%s has no value", key);
      checkArgument(
          values.put(key, decode(parts.get(1))) == null, "%s must not be given twice", key);
    }
    return values;
  }

  private static ProfileFormat format(@Nullable String value) {
    return value == null
        ? ProfileFormat.TEXT
        : Arrays.stream(ProfileFormat.values())
            .filter(format -> format.toString().equals(value))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "format (%s) must be one of %s"
                            .formatted(
                                shown(value),
                                Arrays.stream(ProfileFormat.values())
                                    .map(ProfileFormat::toString)
                                    .collect(joining(", ")))));
  }

  private static int number(String key, String value, int min, int max) {
    // Not parseInt, which takes "+1" and the digits of any script.
    int number = value.matches("[0-9]{1,4}") ? Integer.parseInt(value) : -1;
    checkArgument(
        number >= min && number <= max,
        "%s (%s) must be a whole number from %s to %s",
        key,
        shown(value),
        min,
        max);
    return number;
  }

  private static boolean jvm(String value) {
    checkArgument(
        value.equals("true") || value.equals("false"),
        "jvm (%s) must be true or false",
        shown(value));
    return Boolean.parseBoolean(value);
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the query has a %% that begins no character: %s".formatted(shown(text)), e);
    }
  }

  private static String shown(String value) {
    return value.isEmpty() ? "\"\"" : Names.quoted(value);
  }

  private static String keys() {
    return String.join(", ", KEYS);
  }
}
