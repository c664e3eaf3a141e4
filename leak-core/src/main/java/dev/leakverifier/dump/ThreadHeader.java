package dev.leakverifier.dump;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The line with which a thread begins in a dump, or the lines if the name has line breaks.
 *
 * @param id the number that Java gives the thread; where there is none, the address in the JVM
 * @param state where the line tells it
 */
record ThreadHeader(
    long id,
    String name,
    boolean daemon,
    boolean virtual,
    Form form,
    Optional<Thread.State> state) {

  /** Who writes like this. */
  enum Form {
    /** The JVM itself: {@code jstack}, {@code jcmd Thread.print}, {@code kill -3}. */
    JVM,
    /** The JVM's {@code Thread.dump_to_file}. */
    FILE,
    /** VisualVM and Spring Boot's actuator, from what the {@code ThreadMXBean} tells them. */
    BEAN
  }

  /** What follows the name is never longer. */
  private static final int LONGEST_ATTRIBUTES = 500;

  /** {@code #12 [4711] daemon prio=5 os_prio=0 cpu=1.2ms tid=0x1f nid=0x2f runnable [0x3f]}. */
  private static final Pattern JVM_ATTRIBUTES =
      Pattern.compile(
          "(?: #(?<id>\\d{1,18}))?(?: \\[\\d+\\])?(?<daemon> daemon)?(?: [a-z_]+=\\S+)*"
              + " tid=0x(?<tid>\\p{XDigit}{1,16})(?:\\s.*)?");

  private static final Pattern BEAN_ATTRIBUTES = Pattern.compile(" - Thread t@(?<id>\\d{1,18})");

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
    if (quote < 0) {
      return false;
    }
    String attributes = attributes(line, quote);
    return first.charAt(0) == '"'
        ? JVM_ATTRIBUTES.matcher(attributes).matches()
            || BEAN_ATTRIBUTES.matcher(attributes).matches()
        : FILE_ATTRIBUTES.matcher(attributes).matches();
  }

  /** The header that {@code text} is; null if it is none, or not all of one. */
  static @Nullable ThreadHeader parse(String text) {
    if (!mayBegin(text)) {
      return null;
    }
    int first = text.indexOf('"');
    int last = text.lastIndexOf('"'); // a name may have quotes, what follows it has none
    if (first == last) {
      return null;
    }
    String name = text.substring(first + 1, last);
    String attributes = attributes(text, last);
    if (first > 0) {
      return ofFile(Long.parseLong(text.substring(1, first - 1)), name, attributes);
    }
    ThreadHeader ofJvm = ofJvm(name, attributes);
    return ofJvm == null ? ofBean(name, attributes) : ofJvm;
  }

  private static @Nullable ThreadHeader ofFile(long id, String name, String text) {
    Matcher attributes = FILE_ATTRIBUTES.matcher(text);
    return attributes.matches()
        ? new ThreadHeader(
            id,
            name,
            /* daemon= */ false,
            attributes.group("virtual") != null,
            Form.FILE,
            Optional.ofNullable(attributes.group("state")).flatMap(States::of))
        : null;
  }

  private static @Nullable ThreadHeader ofJvm(String name, String text) {
    Matcher attributes = JVM_ATTRIBUTES.matcher(text);
    if (!attributes.matches()) {
      return null;
    }
    String id = attributes.group("id");
    return new ThreadHeader(
        id != null
            ? Long.parseLong(id)
            : Long.parseUnsignedLong(attributes.group("tid"), /* radix= */ 16),
        name,
        attributes.group("daemon") != null,
        /* virtual= */ false,
        Form.JVM,
        Optional.empty());
  }

  private static @Nullable ThreadHeader ofBean(String name, String text) {
    Matcher attributes = BEAN_ATTRIBUTES.matcher(text);
    return attributes.matches()
        ? new ThreadHeader(
            Long.parseLong(attributes.group("id")),
            name,
            /* daemon= */ false,
            /* virtual= */ false,
            Form.BEAN,
            Optional.empty())
        : null;
  }

  private static String attributes(String text, int quote) {
    // A pattern with a repeated group must not see a text of any length.
    return text.substring(quote + 1, Math.min(text.length(), quote + 1 + LONGEST_ATTRIBUTES));
  }
}
