package dev.leakverifier.diagnosis;

import static java.util.stream.Collectors.joining;

import com.google.common.base.CharMatcher;
import com.google.common.xml.XmlEscapers;
import dev.leakverifier.text.Names;
import dev.leakverifier.thread.OwnCall;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What to write in order to ignore exactly one group of leaks. Public for adapters, which say where
 * it can be written.
 *
 * @param option the option without {@code ignore}: {@code CreatedBy}, {@code TopFunction}, {@code
 *     AnyFunction} or {@code Name}
 * @param value its argument
 */
public record IgnoreLine(String option, String value) {

  /**
   * What an option takes for a function, also in a list with commas, and in quotes. A hidden class
   * is called differently in each run.
   */
  private static final Pattern FUNCTION =
      Pattern.compile(
          "(?!at\\s)[^\\s.#:/(),\"\\\\][^#:/(),\"\\\\]*\\.[^.#:/(),\"\\\\]*[^\\s.#:/(),\"\\\\]");

  private static final int MAX_GLOB = 80;

  /** Where a line is to be pasted. */
  public enum Place {
    /** As an option, in code. */
    JAVA,
    /** As a parameter, in testng.xml. */
    TESTNG_XML,
    /** As a system property, or in {@code leakverifier.properties}. */
    PROPERTY
  }

  /**
   * The narrowest one that fits all {@code threads}, which are a group of equal leaks, or one for
   * each look in it; empty if they have nothing to be told by.
   */
  static Optional<IgnoreLine> of(List<ThreadSample> threads, boolean moves) {
    return common(threads, thread -> thread.origin().flatMap(OwnCall::of).map(OwnCall::function))
        .or(() -> common(threads, ThreadSample::createdBy))
        .map(function -> new IgnoreLine("CreatedBy", function))
        .or(() -> byStack(threads, moves))
        .or(() -> byName(threads));
  }

  /** What ignores all threads that {@code function} started; empty if it cannot be written so. */
  public static Optional<IgnoreLine> createdBy(String function) {
    return Optional.of(new IgnoreLine("CreatedBy", function))
        .filter(line -> FUNCTION.matcher(line.value()).matches());
  }

  private static Optional<IgnoreLine> byStack(List<ThreadSample> threads, boolean moves) {
    return moves
        ? common(threads, Fingerprint::entry)
            .map(function -> new IgnoreLine("AnyFunction", function))
        : common(threads, thread -> StackShape.of(thread).top().map(StackFrames::function))
            .map(function -> new IgnoreLine("TopFunction", function));
  }

  private static Optional<IgnoreLine> byName(List<ThreadSample> threads) {
    String glob = glob(Fingerprint.foldedName(threads.get(0).name()));
    return glob.matches("[*? ]*") // that would ignore anything
        ? Optional.empty()
        : Optional.of(new IgnoreLine("Name", glob));
  }

  /** In a glob, {@code ?} stands for any character: also for one that cannot be written down. */
  private static String glob(String name) {
    String start = Names.start(name, MAX_GLOB);
    String glob =
        start
            .codePoints()
            .mapToObj(c -> Names.isVisible(c) ? Character.toString(c) : "?")
            .collect(joining())
            .replaceAll("[,\"\\\\]|^ | $", "?");
    return start.length() == name.length() ? glob : glob + "*";
  }

  private static Optional<String> common(
      List<ThreadSample> threads, Function<ThreadSample, Optional<String>> property) {
    List<Optional<String>> all = threads.stream().map(property).distinct().toList();
    return all.size() == 1
        ? all.get(0).filter(function -> FUNCTION.matcher(function).matches())
        : Optional.empty();
  }

  /** The line as it is to be pasted there. */
  public String in(Place place) {
    String key = "leak.ignore" + option;
    return switch (place) {
      case JAVA -> "LeakVerifier.ignore%s(\"%s\")".formatted(option, Names.visible(value));
      case TESTNG_XML ->
          "<parameter name=\"%s\" value=\"%s\"/>"
              .formatted(key, visibleXml(XmlEscapers.xmlAttributeEscaper().escape(value)));
      case PROPERTY -> key + "=" + ascii(value);
    };
  }

  private static String visibleXml(String text) {
    return text.codePoints()
        .mapToObj(c -> Names.isVisible(c) ? Character.toString(c) : "&#x%x;".formatted(c))
        .collect(joining());
  }

  /** A properties file is read as ISO 8859-1. */
  private static String ascii(String text) {
    return text.codePoints()
        .mapToObj(Character::toString)
        .map(c -> CharMatcher.ascii().matchesAllOf(c) ? c : Names.escaped(c))
        .collect(joining());
  }
}
