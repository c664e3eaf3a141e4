package dev.leakverifier.diagnosis;

import static java.util.stream.Collectors.joining;

import dev.leakverifier.host.Sha256;
import dev.leakverifier.thread.OwnCall;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What equal leaks have in common, the same from run to run and on every JDK: neither ids nor line
 * numbers, nor what a thread does at the moment, nor numbers in names.
 *
 * @param what the form of the thread, its folded name, and what it was made to run, as a hash
 * @param startedBy the function of the project that started it, directly or through a library, as a
 *     hash; {@link #UNKNOWN} if that is not known
 * @param calledFrom the test, fixture or task that led to this, as a hash; {@link #UNKNOWN} if it
 *     is not known or did it itself
 * @param place where the thread stands if it stands still: tells groups of a report apart, and is
 *     not written down
 */
public record Fingerprint(String what, String startedBy, String calledFrom, String place) {
  /** Stands for a starter that is not known. */
  public static final String UNKNOWN = "0000";

  /** Stands for one that could not be made. */
  public static final Fingerprint NONE = new Fingerprint("000000000000", UNKNOWN);

  /** A fingerprint as it is written down of a thread whose starter was called from anywhere. */
  public Fingerprint(String what, String startedBy) {
    this(what, startedBy, UNKNOWN, "");
  }

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

  /** Of lambdas in Kotlin, and of closures in Groovy. */
  private static final Pattern NUMBERED = Pattern.compile("(lambda-|_closure)\\d+");

  private static final Pattern TEXT =
      Pattern.compile("([0-9a-f]{12})-([0-9a-f]{4})(?:-([0-9a-f]{4}))?");

  /** Of a stack of the JDK's alone, those that tell what it is: from the bottom on. */
  private static final int MAX_JDK_FRAMES = 3;

  /**
   * The fingerprint of a thread.
   *
   * @param moves whether it does not stand still
   */
  static Fingerprint of(ThreadSample thread, boolean moves) {
    Optional<OwnCall> call = thread.origin().flatMap(OwnCall::of);
    Optional<String> starter = call.map(OwnCall::function).or(thread::createdBy);
    Optional<String> caller =
        thread
            .origin()
            .flatMap(Fingerprint::caller)
            .filter(name -> !starter.equals(Optional.of(name)));
    return new Fingerprint(
        what(thread, form(thread), task(thread)),
        starter.map(Fingerprint::hash).orElse(UNKNOWN),
        caller.map(Fingerprint::hash).orElse(UNKNOWN),
        moves ? "" : stand(thread));
  }

  /** What fingerprints of such a thread once were, which files may still hold. */
  static List<Fingerprint> earlier(ThreadSample thread) {
    String form = thread.isVirtual() ? "virtual" : thread.threadClass();
    String starter =
        thread
            .createdBy()
            .map(Fingerprint::foldedFunction)
            .map(Fingerprint::shortHash)
            .orElse(UNKNOWN);
    String entry = entry(thread).map(Fingerprint::foldedFunction).orElse("");
    return Stream.of(entry, stand(thread))
        .map(where -> new Fingerprint(what(thread, form, where), starter))
        .toList();
  }

  private static String what(ThreadSample thread, String form, String place) {
    String all =
        Stream.of(
                form,
                foldedName(thread.name()),
                thread.owner().map(Fingerprint::withoutIdentity).orElse(""),
                place)
            .collect(joining("\n"));
    return Sha256.hex(all).substring(0, 12);
  }

  private static String form(ThreadSample thread) {
    if (thread.isVirtual()) {
      return "virtual";
    }
    return StackShape.isPoolWorker(thread) ? "worker" : thread.threadClass();
  }

  /** What it was made to run; of what runs one task after the other, nothing. */
  private static String task(ThreadSample thread) {
    if (StackShape.isPoolWorker(thread) || thread.threadClass().equals("java.util.TimerThread")) {
      return "";
    }
    return entry(thread).map(Fingerprint::numberless).orElseGet(() -> stand(thread));
  }

  static Optional<String> caller(ThreadOrigin origin) {
    return origin
        .calledFrom()
        .map(StackFrames::function)
        .or(() -> origin.starterOrigin().flatMap(Fingerprint::caller));
  }

  private static String numberless(String function) {
    return NUMBERED.matcher(foldedFunction(function)).replaceAll("$1*");
  }

  private static String hash(String function) {
    return shortHash(numberless(function));
  }

  private static String shortHash(String text) {
    return Sha256.hex(text).substring(0, 4);
  }

  /** Reads what {@link #toString} has written; empty if {@code text} is anything else. */
  public static Optional<Fingerprint> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new Fingerprint(
                matcher.group(1),
                matcher.group(2),
                Optional.ofNullable(matcher.group(3)).orElse(UNKNOWN),
                ""))
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
    return isAlike(other) && isSame(calledFrom, other.calledFrom);
  }

  /** {@link #matches}, wherever the starter was called from. */
  public boolean isAlike(Fingerprint other) {
    return what.equals(other.what) && isSame(startedBy, other.startedBy);
  }

  private static boolean isSame(String function, String other) {
    return function.equals(other) || function.equals(UNKNOWN) || other.equals(UNKNOWN);
  }

  /** As in {@code 9f86d081884c-7d65}, or {@code 9f86d081884c-7d65-03ab}. */
  @Override
  public String toString() {
    return what + "-" + startedBy + (calledFrom.equals(UNKNOWN) ? "" : "-" + calledFrom);
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
