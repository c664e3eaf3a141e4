package dev.leakverifier.diagnosis;

import static java.util.stream.Collectors.joining;

import dev.leakverifier.host.Sha256;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What equal leaks have in common, the same from run to run and on every JDK: neither ids nor line
 * numbers, nor what the JDK's functions call, nor numbers in names.
 *
 * @param what the form of the thread, its folded name, and its stack outside the JDK, as a hash
 * @param startedBy the function that started it, as a hash; {@link #UNKNOWN} if that is not known
 */
public record Fingerprint(String what, String startedBy) {
  /** Stands for a starter that is not known. */
  public static final String UNKNOWN = "0000";

  /** Stands for one that could not be made. */
  public static final Fingerprint NONE = new Fingerprint("000000000000", UNKNOWN);

  private static final Pattern NUMBER =
      Pattern.compile(
          "\\b\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}\\b"
              + "|\\b[a-fA-F]*+\\d\\p{XDigit}*+\\b"
              + "|\\d+");

  private static final Pattern LAMBDA = Pattern.compile("lambda\\$(.*)\\$\\d+$");

  /** Of anonymous classes, and of proxies. */
  private static final Pattern MADE_UP = Pattern.compile("\\$(Proxy)?\\d+");

  /** What all stacks have at their ends, or only while they are parked. */
  private static final Pattern PARKING =
      Pattern.compile("java\\.lang\\.|jdk\\.internal\\.misc\\.|.*\\.LockSupport$");

  private static final Pattern TEXT = Pattern.compile("([0-9a-f]{12})-([0-9a-f]{4})");

  /** Of a stack of the JDK's alone, those that tell what it is: from the bottom on. */
  private static final int MAX_JDK_FRAMES = 3;

  /**
   * The fingerprint of a thread.
   *
   * @param moves whether it does not stand still: then where it stands says nothing, and only its
   *     bottom frame counts
   */
  static Fingerprint of(ThreadSample thread, boolean moves) {
    String own = moves ? entry(thread).map(Fingerprint::foldedFunction).orElse("") : stand(thread);
    String all =
        Stream.of(
                thread.isVirtual() ? "virtual" : thread.threadClass(),
                foldedName(thread.name()),
                thread.owner().map(Fingerprint::withoutIdentity).orElse(""),
                own)
            .collect(joining("\n"));
    return new Fingerprint(
        Sha256.hex(all).substring(0, 12),
        thread
            .createdBy()
            .map(function -> Sha256.hex(foldedFunction(function)).substring(0, 4))
            .orElse(UNKNOWN));
  }

  /** Reads what {@link #toString} has written; empty if {@code text} is anything else. */
  public static Optional<Fingerprint> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    return matcher.matches()
        ? Optional.of(new Fingerprint(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  /** The bottom frame that is not the JDK's, or else what the thread was made to run. */
  static Optional<String> entry(ThreadSample thread) {
    return StackShape.of(thread).own().stream()
        .reduce((upper, lower) -> lower)
        .map(StackFrames::function);
  }

  /**
   * A thread's name with each number in it, also a hexadecimal one, and each UUID replaced by
   * {@code *}: {@code pool-*-thread-*}.
   */
  public static String foldedName(String name) {
    return NUMBER.matcher(name).replaceAll("*");
  }

  /**
   * Whether both are the same leak, as far as can be told: who started a thread may be unknown in
   * one run and known in the next.
   */
  public boolean matches(Fingerprint other) {
    return what.equals(other.what)
        && (startedBy.equals(other.startedBy)
            || startedBy.equals(UNKNOWN)
            || other.startedBy.equals(UNKNOWN));
  }

  /** As in {@code 9f86d081884c-7d65}. */
  @Override
  public String toString() {
    return what + "-" + startedBy;
  }

  /** Where a thread stands that does not move. */
  private static String stand(ThreadSample thread) {
    StackShape shape = StackShape.of(thread);
    Stream<StackTraceElement> places =
        shape.below().isEmpty()
            ? jdkEntries(shape.jdkFromCaller()).stream()
            : Stream.concat(shape.called().stream(), shape.own().stream());
    return places.map(Fingerprint::place).collect(joining("|"));
  }

  /** The lowest frames of a stack of the JDK's; of a class only the one that others have called. */
  private static List<StackTraceElement> jdkEntries(List<StackTraceElement> fromBottom) {
    List<StackTraceElement> entries = new ArrayList<>();
    String last = "";
    for (StackTraceElement frame : fromBottom) {
      String outer = frame.getClassName().replaceAll("\\$.*", "");
      if (!outer.equals(last) && !PARKING.matcher(outer).lookingAt()) {
        entries.add(frame);
        last = outer;
      }
      if (entries.size() == MAX_JDK_FRAMES) {
        break;
      }
    }
    return entries;
  }

  private static String place(StackTraceElement frame) {
    return foldedFunction(StackFrames.function(frame));
  }

  /**
   * A function's name without the numbers that the compiler gives to lambdas and anonymous classes,
   * since one more before it changes them: {@code com.acme.Pool.lambda$submit}.
   */
  public static String foldedFunction(String function) {
    if (function.indexOf('$') < 0) {
      return function;
    }
    String named = LAMBDA.matcher(function).replaceAll("lambda\\$$1");
    return MADE_UP.matcher(named).replaceAll("\\$$1*");
  }

  private static String withoutIdentity(String owner) {
    return owner.replaceAll("@\\p{XDigit}+$", "");
  }
}
