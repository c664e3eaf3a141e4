package dev.leakverifier.check;

import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Predicate;

/**
 * Threads that end by themselves some time after the object that owns them has become unreachable:
 * nobody forgot anything, the garbage collector was only not there yet.
 */
enum CollectableOwner {
  /** {@code java.util.Timer} has a cleaner that ends its thread. */
  TIMER(isA("java.util.TimerThread"), Duration.ofMillis(500)),
  /** {@code Executors.newSingleThreadExecutor()} shuts down when it is collected. */
  EXECUTOR(runsJdkClass("java.util.concurrent.ThreadPoolExecutor"), Duration.ofMillis(500)),
  /** Guava's {@code FinalizableReferenceQueue} closes when it is collected. */
  GUAVA_FINALIZER(runs("com.google.common.base.internal.Finalizer"), Duration.ofMillis(500)),
  /** {@code java.net.http.HttpClient} looks for its owner when its selector wakes up: every 3 s. */
  HTTP_CLIENT(isA("jdk.internal.net.http.HttpClientImpl$SelectorManager"), Duration.ofSeconds(6));

  private final Duration grace;

  @SuppressWarnings("ImmutableEnumChecker") // the rules keep no state
  private final Predicate<ThreadSample> rule;

  CollectableOwner(Predicate<ThreadSample> rule, Duration grace) {
    this.rule = rule;
    this.grace = grace;
  }

  /** How long {@code thread} may take to end after a collection; zero if it has no such owner. */
  static Duration grace(ThreadSample thread) {
    return Arrays.stream(values())
        .filter(owner -> owner.rule.test(thread))
        .findFirst()
        .map(owner -> owner.grace)
        .orElse(Duration.ZERO);
  }

  private static Predicate<ThreadSample> isA(String threadClass) {
    return thread -> thread.threadClass().equals(threadClass);
  }

  private static Predicate<ThreadSample> runsJdkClass(String name) {
    return thread ->
        thread.frames().stream()
            .anyMatch(frame -> frame.getClassName().startsWith(name) && StackFrames.isJdk(frame));
  }

  /** Also where another library has shaded the class in. */
  private static Predicate<ThreadSample> runs(String name) {
    return thread ->
        thread.frames().stream()
            .filter(frame -> !StackFrames.isJdk(frame))
            .map(StackTraceElement::getClassName)
            .anyMatch(type -> type.startsWith(name) || type.contains("." + name));
  }
}
