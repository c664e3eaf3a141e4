package dev.leakverifier.blame;

import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadOrigin;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * From which threads a thread descends, and so which test has made it.
 *
 * <p>A test answers for what its own thread makes, and for what that makes, however late. But the
 * worker of a pool may have made a thread for whoever had the pool run a task: the code on the
 * stack tells, or which tests ran then.
 */
final class Lineage {
  private final Stretches stretches;

  Lineage(Stretches stretches) {
    this.stretches = stretches;
  }

  /**
   * All that may have made a thread of which that is not certain: those that ran then, and those
   * that {@code possible} origins lead to.
   */
  List<Stretch> mayAnswerFor(long threadId, List<ThreadOrigin> possible, LongPredicate isLeaked) {
    Set<Stretch> all = new LinkedHashSet<>(stretches.openAt(threadId));
    for (ThreadOrigin origin : possible) {
      blameFor(threadId, origin, isLeaked).ifPresent(all::addAll);
    }
    return List.copyOf(all);
  }

  /**
   * Whom to blame for a thread that was made like this: one test if that can be told, else all that
   * may have had it made.
   *
   * @param isLeaked tells of a thread's id whether it is a leak itself
   * @return empty if it was a test that nobody follows
   */
  Optional<List<Stretch>> blameFor(long threadId, ThreadOrigin origin, LongPredicate isLeaked) {
    Optional<Stretch> own = stretches.of(origin, threadId);
    if (own.isPresent()) {
      return Optional.of(List.of(own.get()));
    }
    List<Stretch> running = stretches.openAt(threadId);
    if (isTest(origin)) { // on a thread that runs tests, but this one is not followed itself
      return Optional.of(codeOf(running, origin.frames()))
          .filter(candidates -> !candidates.isEmpty());
    }
    if (isOfCommonPool(origin)) { // anybody's task may have made the thread
      return Optional.of(byCode(running, origin.frames()));
    }
    Optional<List<Stretch>> ofMaker = blameForMaker(origin, isLeaked);
    boolean worksForOthers = origin.frames().stream().anyMatch(Lineage::isOfPool);
    return !worksForOthers || isLeaked.test(origin.starterId())
        ? ofMaker
        : Optional.of(amongUsersOfPool(threadId, running, ofMaker, origin.frames()));
  }

  private Optional<List<Stretch>> blameForMaker(ThreadOrigin origin, LongPredicate isLeaked) {
    long maker = origin.starterId();
    return origin.starterOrigin().isPresent()
        ? blameFor(maker, origin.starterOrigin().get(), isLeaked)
        : Optional.of(stretches.openAt(maker));
  }

  /** Those for whom a worker may have made a thread, of a pool that {@code ofMaker} have made. */
  private List<Stretch> amongUsersOfPool(
      long threadId,
      List<Stretch> running,
      Optional<List<Stretch>> ofMaker,
      List<StackTraceElement> frames) {
    List<Stretch> makers = ofMaker.orElse(List.of());
    Set<Stretch> all = new LinkedHashSet<>(running);
    all.addAll(makers);
    List<Stretch> byCode = codeOf(all, frames);
    if (byCode.size() == 1) {
      return byCode;
    }
    if (running.size() == 1) {
      return running; // it may run within the one that has made the pool
    }
    return makers.size() == 1 && makers.get(0).wasOpenAt(threadId) ? makers : List.copyOf(all);
  }

  /** The one of {@code candidates} whose code is on the stack, or else all. */
  private static List<Stretch> byCode(List<Stretch> candidates, List<StackTraceElement> frames) {
    List<Stretch> running = codeOf(candidates, frames);
    return running.size() == 1 ? running : candidates;
  }

  /** Those of {@code candidates} whose code is among the {@code frames}. */
  private static List<Stretch> codeOf(
      Iterable<Stretch> candidates, List<StackTraceElement> frames) {
    List<Stretch> found = new ArrayList<>();
    for (Stretch candidate : candidates) {
      if (frames.stream().anyMatch(candidate.window()::isCodeOf)) {
        found.add(candidate);
      }
    }
    return found;
  }

  /** Whether it is a runner that has called a test. */
  private static boolean isTest(ThreadOrigin origin) {
    return origin.isInvoked()
        && origin.frames().stream()
            .map(StackTraceElement::getClassName)
            .anyMatch(name -> name.startsWith("org.junit.") || name.startsWith("org.testng."));
  }

  private static boolean isOfPool(StackTraceElement frame) {
    return StackFrames.isJdk(frame)
        && (frame.getClassName().startsWith("java.util.concurrent.ThreadPoolExecutor")
            || frame.getClassName().startsWith("java.util.concurrent.ForkJoin")
            || frame.getClassName().startsWith("java.util.TimerThread"));
  }

  private static boolean isOfCommonPool(ThreadOrigin origin) {
    return origin.starterName().startsWith("ForkJoinPool.commonPool-worker-");
  }
}
