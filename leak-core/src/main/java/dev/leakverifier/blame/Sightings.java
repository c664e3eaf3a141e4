package dev.leakverifier.blame;

import dev.leakverifier.check.Baseline;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.ThreadListing;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * In which note each thread was first seen, and by which it was gone. A note is a listing of all
 * threads; they are counted from 1 on.
 */
final class Sightings {
  /** The note of what was never seen. */
  static final long NEVER = Long.MAX_VALUE;

  private final Map<Long, Long> firstSeen = new HashMap<>();
  private final Map<Long, Long> goneBy = new HashMap<>();
  private Baseline seen = Baseline.NONE;
  private long now;
  private long lastNew;

  /** Adds what lives now. */
  void note(ThreadListing live) {
    now++;
    for (LiveThread thread : seen.newAmong(live)) {
      firstSeen.putIfAbsent(thread.id(), now);
      lastNew = now;
    }
    see(seen.with(live));
  }

  /** The number of the last note. */
  long now() {
    return now;
  }

  /** The number of the last note in which a thread was new. */
  long lastNew() {
    return lastNew;
  }

  /** In which note a thread was first seen. */
  long noteOf(long threadId) {
    return firstSeen.getOrDefault(threadId, NEVER);
  }

  /** The notes in which threads were first seen that are not forgotten. */
  Collection<Long> notes() {
    return firstSeen.values();
  }

  /**
   * Those that may have lived, and had been seen, in the time that led to {@code note}, in order.
   */
  List<Long> livedBefore(long note) {
    return firstSeen.entrySet().stream()
        .filter(each -> each.getValue() < note)
        .filter(each -> goneBy.getOrDefault(each.getKey(), NEVER) >= note)
        .sorted(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether a thread was alive in the last note; may be true of some that had ended by then. */
  boolean contains(long threadId) {
    return seen.contains(threadId);
  }

  boolean isVirtual(long threadId) {
    return seen.virtual().contains(threadId);
  }

  /** The threads that are not forgotten. */
  Set<Long> ids() {
    return Set.copyOf(firstSeen.keySet());
  }

  /** How many threads are not forgotten. */
  int size() {
    return firstSeen.size();
  }

  /** Makes {@link #contains} exact for platform threads. */
  void forgetEnded(ThreadListing live) {
    see(seen.withoutEnded(live));
  }

  /** Forgets when all others were seen. */
  void retain(Set<Long> kept) {
    firstSeen.keySet().retainAll(kept);
    goneBy.keySet().retainAll(kept);
  }

  private void see(Baseline next) {
    if (next == seen) {
      return; // as after most notes
    }
    if (seen != Baseline.NONE) { // start-up: see docs/performance.md
      seen.without(next).forEach(id -> goneBy.putIfAbsent(id, now));
    }
    seen = next;
  }
}
