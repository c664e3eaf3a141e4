package dev.leakverifier.check;

import static java.util.stream.Collectors.toMap;

import dev.leakverifier.diagnosis.Observation;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.ThreadSource;
import dev.leakverifier.thread.LockHolders;
import dev.leakverifier.thread.ThreadLock;
import dev.leakverifier.thread.ThreadSample;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Finds out more about threads that are leaked: who holds the locks that they wait for, and whose
 * end. Costs nothing where none is leaked.
 */
final class LockSearch {
  private final Map<Long, ThreadSample> samples;
  private final List<LiveThread> live;

  private LockSearch(Map<Long, ThreadSample> samples, List<LiveThread> live) {
    this.samples = samples;
    this.live = live;
  }

  /** What is known of each of the {@code leaked} threads. */
  static List<Observation> of(
      ThreadSource source, Collection<ThreadSample> leaked, Activity watching) {
    if (leaked.isEmpty()) {
      return List.of();
    }
    boolean needsOthers =
        leaked.stream().anyMatch(thread -> thread.lock().isPresent() && mayHaveOther(thread));
    LockSearch examination =
        new LockSearch(
            leaked.stream()
                .collect(toMap(ThreadSample::id, thread -> thread, (a, b) -> a, HashMap::new)),
            needsOthers ? source.list().threads() : List.of());
    examination.sampleHolders(source);
    LockHolders holders = LockHolders.among(examination.samples.values());
    return leaked.stream()
        .map(
            thread ->
                new Observation(
                    thread, watching.of(thread), holders.of(thread), examination.awaitedBy(thread)))
        .toList();
  }

  private static boolean mayHaveOther(ThreadSample thread) {
    return holderId(thread).isPresent() || joins(thread);
  }

  /** They need not be leaked themselves. */
  private void sampleHolders(ThreadSource source) {
    for (int i = 0; i < LockHolders.MOST; i++) {
      Set<Long> unknown = new HashSet<>();
      for (ThreadSample thread : samples.values()) {
        holderId(thread).ifPresent(unknown::add);
      }
      unknown.removeAll(samples.keySet());
      List<LiveThread> holders =
          live.stream().filter(thread -> unknown.contains(thread.id())).toList();
      if (holders.isEmpty()) {
        return;
      }
      source.sample(holders).samples().forEach(holder -> samples.put(holder.id(), holder));
    }
  }

  private Optional<String> awaitedBy(ThreadSample thread) {
    if (!joins(thread)) {
      return Optional.empty();
    }
    return live.stream()
        .flatMap(candidate -> Optional.ofNullable(candidate.thread()).stream())
        .filter(candidate -> thread.lock().filter(lock -> lock.is(candidate)).isPresent())
        .map(Thread::getName)
        .findFirst();
  }

  private static boolean joins(ThreadSample thread) {
    return thread.hasFunction("java.lang.Thread.join");
  }

  private static OptionalLong holderId(ThreadSample thread) {
    return thread.lock().map(ThreadLock::ownerId).orElse(OptionalLong.empty());
  }
}
