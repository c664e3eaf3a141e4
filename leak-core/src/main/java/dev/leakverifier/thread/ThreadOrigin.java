package dev.leakverifier.thread;

import java.util.List;
import java.util.Optional;

/**
 * Who started a thread, and from which line.
 *
 * <pre>{@code
 * thread.origin().flatMap(ThreadOrigin::function).ifPresent(System.err::println);
 * }</pre>
 *
 * <p>A value: immutable, and it keeps no thread alive.
 *
 * @param starterId the id of the thread that called {@link Thread#start}; 0 if it is not known
 * @param starterName that thread's name; empty if it is not known
 * @param frames that thread's stack at this moment, topmost frame first, without hidden classes.
 *     The JVM records no file names; they are made of the class names. Deep stacks are cut at the
 *     bottom, as set by the flight recorder's {@code stackdepth}, which is 64
 * @param starterOrigin who started the starter, where that is known
 */
public record ThreadOrigin(
    long starterId,
    String starterName,
    List<StackTraceElement> frames,
    Optional<ThreadOrigin> starterOrigin) {
  /** As the JVM tells it; {@code frames} are copied. */
  public ThreadOrigin {
    frames = List.copyOf(frames);
  }

  /** The frame outside the JDK that started the thread, directly or through a pool or timer. */
  public Optional<StackTraceElement> startedAt() {
    return frames.stream().filter(frame -> !StackFrames.isJdk(frame)).findFirst();
  }

  /**
   * The function of {@link #startedAt}. Where a pool's own worker started another one, there is
   * none, and it is the function that started that worker.
   */
  public Optional<String> function() {
    return startedAt()
        .map(StackFrames::function)
        .or(() -> starterOrigin.flatMap(ThreadOrigin::function));
  }

  /**
   * The frames down to the test, its fixture or its rule: without those of the test runner that
   * called it. All frames if no runner did.
   */
  public List<StackTraceElement> framesOfTest() {
    int test = runnersCall();
    while (test > 0 && !isOfTest(frames.get(test - 1))) {
      test--;
    }
    return test > 0 && frames.subList(test, frames.size()).stream().anyMatch(CodeOwner::isRunner)
        ? frames.subList(0, test)
        : frames;
  }

  /** The first frame of a runner that calls by reflection, or else the end. */
  private int runnersCall() {
    for (int i = 1; i < frames.size(); i++) {
      if (CodeOwner.isRunner(frames.get(i)) && isReflection(frames.get(i - 1))) {
        return i;
      }
    }
    return frames.size();
  }

  private static boolean isOfTest(StackTraceElement frame) {
    return !StackFrames.isJdk(frame) && !CodeOwner.isRunner(frame);
  }

  /**
   * Where the code began that led to the start: the test method, if a test runner called it by
   * reflection, or the task that the starter ran.
   */
  public Optional<StackTraceElement> calledFrom() {
    return framesOfTest().size() < frames.size() ? test() : lastOutsideJdk(framesOfTask());
  }

  /** Where the test, its fixture or its rule began that led to the start, if a runner called it. */
  Optional<StackTraceElement> test() {
    List<StackTraceElement> ofTest = framesOfTest();
    return ofTest.size() < frames.size() ? lastOutsideJdk(ofTest) : Optional.empty();
  }

  private static Optional<StackTraceElement> lastOutsideJdk(List<StackTraceElement> frames) {
    return frames.stream()
        .filter(frame -> !StackFrames.isJdk(frame))
        .reduce((above, below) -> below);
  }

  private List<StackTraceElement> framesOfTask() {
    return frames.stream().takeWhile(frame -> !isReflection(frame)).toList();
  }

  /** Whether the starter was called by reflection, as a test runner calls a test. */
  public boolean isInvoked() {
    return frames.stream().anyMatch(ThreadOrigin::isReflection);
  }

  /** By name, since what the JDK generates for reflection belongs to no module. */
  private static boolean isReflection(StackTraceElement frame) {
    return frame.getClassName().startsWith("java.lang.reflect.")
        || frame.getClassName().startsWith("jdk.internal.reflect.");
  }
}
