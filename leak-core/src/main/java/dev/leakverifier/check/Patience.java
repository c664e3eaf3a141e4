package dev.leakverifier.check;

import dev.leakverifier.diagnosis.Fingerprint;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers which kinds of threads have outlived a wait: to close a thing may take seconds, but
 * what was waited for in vain need not be waited for again in each test. Thread-safe.
 */
final class Patience {
  /** After so many waits a thread that stands where others stood for good counts as known. */
  private static final int SEVERAL = 2;

  /** A run that makes more kinds than that is not served by remembering them. */
  private static final int MOST = 1_000;

  /** Threads of the same name and class, whatever they do. */
  private record Kind(String threadClass, String name) {
    static Kind of(ThreadSample thread) {
      return new Kind(thread.threadClass(), Fingerprint.foldedName(thread.name()));
    }
  }

  /** Threads of a kind that stand in the same functions. */
  private record Standing(Kind kind, Thread.State state, List<String> functions) {
    static Standing of(ThreadSample thread) {
      return new Standing(
          Kind.of(thread),
          thread.state(),
          thread.frames().stream().map(StackFrames::function).toList());
    }
  }

  private final Set<Kind> seen = ConcurrentHashMap.newKeySet();
  private final Map<Standing, Integer> stood = new ConcurrentHashMap<>();

  /** Whether threads of the kind of each have outlived the first wait. */
  boolean hasSeen(Collection<ThreadSample> threads) {
    return threads.stream().map(Kind::of).distinct().allMatch(seen::contains);
  }

  /** Whether each stands where threads of its kind have outlived several waits. */
  boolean knows(Collection<ThreadSample> threads) {
    return threads.stream()
        .allMatch(
            thread ->
                !thread.isInterrupted() && stood.getOrDefault(Standing.of(thread), 0) >= SEVERAL);
  }

  /**
   * Notes that {@code threads} have outlived a wait; {@code moving} are those that did not stand.
   */
  void outlivedBy(Collection<ThreadSample> threads, Set<Long> moving) {
    if (seen.size() + stood.size() > MOST) {
      seen.clear();
      stood.clear();
    }
    threads.stream().map(Kind::of).forEach(seen::add);
    threads.stream()
        .filter(thread -> !moving.contains(thread.id()))
        .map(Standing::of)
        .distinct()
        .forEach(standing -> stood.merge(standing, 1, Integer::sum));
  }
}
