package dev.leakverifier.monitor;

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

  /** What the JVM writes after the name is never longer. */
  private static final int LONGEST_ATTRIBUTES = 500;

  /** {@code #12 [4711] daemon prio=5 os_prio=0 cpu=1.2ms tid=0x1f nid=0x2f runnable [0x3f]}. */
  private static final Pattern JVM_ATTRIBUTES =
      Pattern.compile(
          "(?: #(?<id>\\d{1,18}))?(?: \\[\\d+\\])?(?<daemon> daemon)?(?: [a-z_]+=\\S+)*"
              + " tid=0x(?<tid>\\p{XDigit}{1,16})(?:\\s.*)?");

  /** {@code #12 "name" virtual WAITING 2026-11-24T20:35:58Z}, since JDK 25 with state and time. */
  private static final Pattern FILE_HEADER =
      Pattern.compile(
          "#(?<id>\\d{1,18}) \"(?<name>.*)\"(?<virtual> virtual)?"
              + "(?: (?<state>[A-Z_]+) \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z)?",
          Pattern.DOTALL);

  /** Whether {@code line} may be the first one of a header. */
  static boolean mayBegin(String line) {
    return line.startsWith("\"") || line.startsWith("#");
  }

  /** The header that {@code text} is; null if it is none, or not all of one. */
  static @Nullable ThreadHeader parse(String text) {
    return text.startsWith("\"") ? parseJvm(text) : parseFile(text);
  }

  private static @Nullable ThreadHeader parseJvm(String text) {
    int quote = text.lastIndexOf('"'); // a name may have quotes, what follows it has none
    if (quote == 0 || text.length() - quote > LONGEST_ATTRIBUTES) {
      return null;
    }
    Matcher attributes = JVM_ATTRIBUTES.matcher(text.substring(quote + 1));
    if (!attributes.matches()) {
      return null;
    }
    String id = attributes.group("id");
    return new ThreadHeader(
        id != null
            ? Long.parseLong(id)
            : Long.parseUnsignedLong(attributes.group("tid"), /* radix= */ 16),
        text.substring(1, quote),
        attributes.group("daemon") != null,
        /* virtual= */ false,
        /* ofJvm= */ true,
        Optional.empty());
  }

  private static @Nullable ThreadHeader parseFile(String text) {
    Matcher header = FILE_HEADER.matcher(text);
    if (!header.matches()) {
      return null;
    }
    Optional<Thread.State> state = Optional.ofNullable(header.group("state")).flatMap(States::of);
    return new ThreadHeader(
        Long.parseLong(header.group("id")),
        header.group("name"),
        /* daemon= */ false,
        header.group("virtual") != null,
        /* ofJvm= */ false,
        state);
  }
}
