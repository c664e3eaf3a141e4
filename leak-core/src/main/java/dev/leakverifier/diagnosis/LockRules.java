package dev.leakverifier.diagnosis;

import dev.leakverifier.text.Names;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadLock;
import dev.leakverifier.thread.ThreadSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Rules for threads that want a lock which is not given back. */
final class LockRules {
  private static final int MAX_FRAMES = 5;

  private static final Pattern CHECK =
      Pattern.compile(
          "dev\\.leakverifier\\.((blame|check|host|jvm|origin)\\..*|LastLook|Leak(Scope|Verifier|Watch)"
              + "|junit4\\.(LeakVerifier.*|LateVerdict)"
              + "|testng\\.(LeakVerifierListener|SuiteWatch))(\\$.*)?");

  private LockRules() {}

  static Optional<Diagnosis> deadlock(Observation seen) {
    if (!seen.isDeadlock()) {
      return Optional.empty();
    }
    List<String> details = new ArrayList<>();
    ThreadSample waiter = seen.thread();
    for (ThreadSample holder : seen.holders()) {
      details.add(
          "%s waits for %s, which %s holds"
              .formatted(Names.quoted(waiter.name()), lock(waiter), Names.quoted(holder.name())));
      addPlace(details, waiter);
      waiter = holder;
    }
    return Optional.of(
        new Diagnosis(
            LeakKind.DEADLOCK,
            "it is in a deadlock of " + threads(seen.holders().size()),
            "take the locks in the same order everywhere, or use tryLock(timeout, unit)",
            details));
  }

  static Optional<Diagnosis> lockNotReleased(Observation seen) {
    ThreadSample thread = seen.thread();
    Optional<String> wanted = wanted(seen);
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    String lock = wanted.get();
    boolean withTimeout = thread.state() == Thread.State.TIMED_WAITING;
    String timeout = withTimeout ? " (with a timeout)" : "";
    String fix =
        thread.state() == Thread.State.BLOCKED
            ? "leave the synchronized block that holds it; wait() or sleep outside it"
            : WaitFix.of("call unlock() in a finally block")
                .orTimeout("use tryLock(timeout, unit)")
                .text(withTimeout, thread.isInterrupted());
    if (!seen.holders().isEmpty()) {
      ThreadSample holder = seen.holders().get(0);
      List<String> details = new ArrayList<>();
      details.add(Names.quoted(holder.name()) + " stands here:");
      addPlace(details, holder);
      return Optional.of(
          new Diagnosis(
              LeakKind.LOCK_NOT_RELEASED,
              "it waits for %s, which %s holds%s"
                  .formatted(lock, Names.quoted(holder.name()), timeout),
              fix,
              details));
    }
    boolean ownerEnded = thread.lock().flatMap(LockRules::owner).isPresent();
    return Optional.of(
        new Diagnosis(
            LeakKind.LOCK_NOT_RELEASED,
            "it waits for "
                + lock
                + (ownerEnded
                    ? ", and the thread that took it has ended"
                    : "; the JVM does not tell who holds it")
                + timeout,
            fix));
  }

  /** What lock the thread wants: a monitor, or one of {@code java.util.concurrent.locks}. */
  private static Optional<String> wanted(Observation seen) {
    ThreadSample thread = seen.thread();
    if (thread.state() == Thread.State.BLOCKED) {
      return Optional.of(
          thread.lock().map(lock -> "the monitor of " + text(lock)).orElse("a monitor"));
    }
    if (thread.state() == Thread.State.RUNNABLE) {
      return Optional.empty(); // it gets the lock, perhaps again and again
    }
    StackShape shape = seen.shape();
    boolean locks =
        shape.jdkRuns(
                "java.util.concurrent.locks.ReentrantLock", "lock", "lockInterruptibly", "tryLock")
            || shape.jdkRuns(
                "java.util.concurrent.locks.ReentrantReadWriteLock",
                "lock",
                "lockInterruptibly",
                "tryLock")
            || shape.jdkRuns(
                "java.util.concurrent.locks.StampedLock",
                "readLock",
                "writeLock",
                "readLockInterruptibly",
                "writeLockInterruptibly",
                "tryReadLock",
                "tryWriteLock");
    return locks ? Optional.of(lock(thread)) : Optional.empty();
  }

  private static String lock(ThreadSample waiter) {
    return waiter.lock().map(LockRules::text).orElse("a lock");
  }

  private static String text(ThreadLock lock) {
    return Names.visible(lock.toString());
  }

  private static Optional<Long> owner(ThreadLock lock) {
    return lock.ownerId().isPresent() ? Optional.of(lock.ownerId().getAsLong()) : Optional.empty();
  }

  private static void addPlace(List<String> details, ThreadSample thread) {
    List<StackTraceElement> place = StackShape.of(thread).below();
    List<StackTraceElement> shown = place.isEmpty() ? thread.frames() : place;
    boolean checks = !shown.isEmpty() && isCheck(shown.get(0));
    shown.stream()
        .dropWhile(frame -> checks && (isCheck(frame) || StackFrames.isJdk(frame)))
        .limit(MAX_FRAMES)
        .forEach(frame -> details.add("   at " + Names.visible(StackFrames.text(frame))));
  }

  /** The holder may be the thread that checks: where that stands says nothing. */
  private static boolean isCheck(StackTraceElement frame) {
    return CHECK.matcher(frame.getClassName()).matches();
  }

  private static String threads(int count) {
    return count == 1 ? "1 thread, with itself" : count + " threads";
  }
}
