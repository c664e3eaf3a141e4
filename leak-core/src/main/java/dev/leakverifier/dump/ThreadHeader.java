package dev.leakverifier.dump;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The line with which a thread begins in a dump, or the lines if the name has line breaks.
 *
 * @param id the number that Java gives the thread; where there is none, the address in the JVM
 * @param ofJvm whether the JVM itself wrote it ({@code jstack}), and not {@code dump_to_file}
 * @param state where the line tells it
 */
record ThreadHeader(
    long id,
    String name,
    boolean daemon,
    boolean virtual,
    boolean ofJvm,
    Optional<Thread.State> state) {

  /** What follows the name is never longer. */
  private static final int LONGEST_ATTRIBUTES = 500;

  /** {@code #12 [4711] daemon prio=5 os_prio=0 cpu=1.2ms tid=0x1f nid=0x2f runnable [0x3f]}. */
  private static final Pattern JVM_ATTRIBUTES =
      Pattern.compile(
          "(?: #(?<id>\\d{1,18}))?(?: \\[\\d+\\])?(?<daemon> daemon)?(?: [a-z_]+=\\S+)*"
              + " tid=0x(?<tid>\\p{XDigit}{1,16})(?:\\s.*)?");

  private static final Pattern FILE_BEGINNING =
      Pattern.compile("#(?<id>\\d{1,18}) \".*", Pattern.DOTALL);

  /** {@code virtual WAITING 2026-11-24T20:35:58Z}, of which only JDK 25 has state and time. */
  private static final Pattern FILE_ATTRIBUTES =
      Pattern.compile(
          "(?<virtual> virtual)?(?: (?<state>[A-Z_]+) \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z)?");

  /** Whether {@code line} may be the first one of a header. */
  static boolean mayBegin(String line) {
    return line.startsWith("\"") || FILE_BEGINNING.matcher(line).matches();
  }

  /** Whether {@code line} is the last one of a header that {@code first} is the first one of. */
  static boolean ends(String line, CharSequence first) {
    int quote = line.lastIndexOf('"');
    return quote >= 0 && attributes(line, quote, first.charAt(0) == '"').matches();
  }

  /** The header that {@code text} is; null if it is none, or not all of one. */
  static @Nullable ThreadHeader parse(String text) {
    if (!mayBegin(text)) {
      return null;
    }
    int first = text.indexOf('"');
    int last = text.lastIndexOf('"'); // a name may have quotes, what follows it has none
    boolean ofJvm = first == 0;
    Matcher attributes = attributes(text, last, ofJvm);
    if (first == last || !attributes.matches()) {
      return null;
    }
    String name = text.substring(first + 1, last);
    if (!ofJvm) {
      return new ThreadHeader(
          Long.parseLong(text.substring(1, first - 1)),
          name,
          /* daemon= */ false,
          attributes.group("virtual") != null,
          /* ofJvm= */ false,
          Optional.ofNullable(attributes.group("state")).flatMap(States::of));
    }
    String id = attributes.group("id");
    return new ThreadHeader(
        id != null
            ? Long.parseLong(id)
            : Long.parseUnsignedLong(attributes.group("tid"), /* radix= */ 16),
        name,
        attributes.group("daemon") != null,
        /* virtual= */ false,
        /* ofJvm= */ true,
        Optional.empty());
  }

  private static Matcher attributes(String text, int quote, boolean ofJvm) {
    // A pattern with a repeated group must not see a text of any length.
    int end = Math.min(text.length(), quote + 1 + LONGEST_ATTRIBUTES);
    return (ofJvm ? JVM_ATTRIBUTES : FILE_ATTRIBUTES).matcher(text.substring(quote + 1, end));
  }
}
