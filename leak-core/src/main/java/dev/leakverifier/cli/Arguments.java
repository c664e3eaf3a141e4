package dev.leakverifier.cli;

import com.google.common.primitives.Ints;
import com.google.common.primitives.Longs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a command was given: words, and options with values. */
final class Arguments {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,7})(ms|s|m|h)?");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1));

  private final List<String> words;
  private final Map<String, String> options;
  private final boolean json;

  private Arguments(List<String> words, Map<String, String> options, boolean json) {
    this.words = List.copyOf(words);
    this.options = Map.copyOf(options);
    this.json = json;
  }

  /**
   * Takes {@code args} apart.
   *
   * @param word what the one word is that the command wants; empty if it wants none
   * @param known the options that it takes, besides {@code --json}
   */
  static Arguments of(List<String> args, String word, List<String> known) throws CommandException {
    List<String> words = new ArrayList<>();
    Map<String, String> options = new LinkedHashMap<>();
    boolean json = false;
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if (arg.equals("--json")) {
        json = true;
      } else if (arg.startsWith("--")) {
        if (!known.contains(arg)) {
          throw CommandException.usage(
              "unknown option %s; this command takes %s"
                  .formatted(
                      arg, String.join(", ", known) + (known.isEmpty() ? "" : ", ") + "--json"));
        }
        if (i + 1 == args.size()) {
          throw CommandException.usage(arg + " needs a value");
        }
        options.put(arg, args.get(++i));
      } else {
        words.add(arg);
      }
    }
    Arguments arguments = new Arguments(words, options, json);
    int wanted = word.isEmpty() ? 0 : 1;
    if (arguments.words.size() < wanted) {
      throw CommandException.usage("no " + word + " given");
    }
    if (arguments.words.size() > wanted) {
      throw CommandException.usage(
          "unexpected argument \"%s\"".formatted(arguments.words.get(wanted)));
    }
    return arguments;
  }

  boolean json() {
    return json;
  }

  boolean has(String option) {
    return options.containsKey(option);
  }

  /** The one word. */
  String word() {
    return words.get(0);
  }

  /** The one word as the id of a process. */
  long pid() throws CommandException {
    Long pid = Longs.tryParse(word());
    if (pid == null || pid <= 0) {
      throw CommandException.usage(
          "PID (\"%s\") must be a process id; list shows those of all JVMs".formatted(word()));
    }
    return pid;
  }

  /** One of the {@code choices}, of which the first holds where none is given. */
  String choice(String option, List<String> choices) throws CommandException {
    String value = options.getOrDefault(option, choices.get(0));
    if (!choices.contains(value)) {
      throw CommandException.usage(
          "%s (\"%s\") must be %s".formatted(option, value, String.join(" or ", choices)));
    }
    return value;
  }

  /** Whether a JVM that may crash for it is to be asked for its virtual threads, too. */
  boolean asksAllVirtual() throws CommandException {
    return choice("--virtual", List.of("auto", "always")).equals("always");
  }

  /** A number of at least 1. */
  int number(String option, int otherwise) throws CommandException {
    String value = options.get(option);
    if (value == null) {
      return otherwise;
    }
    Integer number = Ints.tryParse(value);
    if (number == null || number < 1) {
      throw CommandException.usage(
          "%s (\"%s\") must be a whole number, at least 1".formatted(option, value));
    }
    return number;
  }

  /** A time of at least a millisecond; a number alone is in seconds. */
  Duration duration(String option, Duration otherwise) throws CommandException {
    String value = options.get(option);
    if (value == null) {
      return otherwise;
    }
    Matcher matcher = DURATION.matcher(value);
    if (matcher.matches()) {
      String unit = matcher.group(2) == null ? "s" : matcher.group(2);
      Duration duration =
          UNITS.getOrDefault(unit, Duration.ZERO).multipliedBy(Long.parseLong(matcher.group(1)));
      if (!duration.isZero()) {
        return duration;
      }
    }
    throw CommandException.usage(
        "%s (\"%s\") must be a time such as 30, 30s, 500ms, 5m or 1h".formatted(option, value));
  }
}
