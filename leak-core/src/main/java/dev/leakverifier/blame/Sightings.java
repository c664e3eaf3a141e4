package dev.leakverifier.blame;

import dev.leakverifier.check.Baseline;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.ThreadClock;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.jvm.VirtualListing;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * In which note each thread was first seen, and by which it was gone. A note is a listing of all
 * platform threads; they are counted from 1 on. The first note after a virtual thread was made
 * counts as the first that has seen it, however much later it is listed: ids tell that.
 */
final class Sightings {
  /** The note of what was never seen. */
  static final long NEVER = Long.MAX_VALUE;

  private final Map<Long, Long> firstSeen = new HashMap<>();
  private final Map<Long, Long> goneBy = new HashMap<>();

  /**
   * The notes before which virtual threads were made that are not listed yet, by the last id given.
   */
  private final NavigableMap<Long, Long> unlisted = new TreeMap<>();

  private Baseline seen = Baseline.NONE;
  private ThreadClock quiet = VirtualListing.NONE.at();
  private long now;
  private long lastNew;

  /** Adds what lives now. */
  void note(ThreadListing live) {
    now++;
    ThreadClock at = live.virtual().at();
    if (live.virtual() != VirtualListing.NONE && !at.isQuietSince(quiet)) {
      quiet = at;
      unlisted.put(at.lastId(), now);
    }
    for (LiveThread thread : seen.newAmong(live)) {
      firstSeen.putIfAbsent(
          thread.id(), thread.thread() == null ? noteOfUnlisted(thread.id(), now) : now);
      lastNew = now;
    }
    if (live.virtual().isKnown()) {
      unlisted.headMap(at.lastId(), /* inclusive= */ true).clear();
    }
    see(seen.with(live));
  }

  /** Adds which virtual threads are alive that had been made by the last note. */
  void list(VirtualListing virtual) {
    for (long id : virtual.newSince(seen.virtual()).toArray()) {
      firstSeen.putIfAbsent(id, noteOfUnlisted(id, now));
    }
    unlisted.headMap(virtual.at().lastId(), /* inclusive= */ true).clear();
    see(seen.with(virtual));
  }

  /** The number of the last note. */
  long now() {
    return now;
  }

  /** The number of the last note in which a thread was new. */
  long lastNew() {
    return lastNew;
  }

  /** In which note a thread was first seen, or could have been if it is a virtual one. */
  long noteOf(long threadId) {
    Long note = firstSeen.get(threadId);
    return note == null ? noteOfUnlisted(threadId, NEVER) : note;
  }

  private long noteOfUnlisted(long threadId, long otherwise) {
    Map.Entry<Long, Long> note = unlisted.ceilingEntry(threadId);
    return note == null ? otherwise : note.getValue();
  }

  /** The last note before which virtual threads were made that are not listed yet. */
  long noteBefore(ThreadClock time) {
    Map.Entry<Long, Long> note = unlisted.floorEntry(time.lastId());
    return note == null ? now : note.getValue();
  }

  /** The notes in which threads were first seen, or may have been, that are not forgotten. */
  NavigableSet<Long> notes() {
    NavigableSet<Long> notes = new TreeSet<>(firstSeen.values());
    notes.addAll(unlisted.values());
    return notes;
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

  /** How many threads and notes are not forgotten. */
  int size() {
    return firstSeen.size() + unlisted.size();
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
