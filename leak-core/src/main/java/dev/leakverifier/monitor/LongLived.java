package dev.leakverifier.monitor;

import dev.leakverifier.jvm.IdSet;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;

/**
 * Tells which threads were there at so many looks in a row.
 *
 * <p>No id is given twice, so one that the first and the last of these looks saw was there at all
 * of them. Keeps ids only.
 */
final class LongLived {
  /** What each of the last looks saw; the latest at the end. */
  private final Deque<IdSet> looks;

  private IdSet longLived;

  /**
   * Before the first look.
   *
   * @param window at how many looks in a row a thread has to be seen
   * @param baseline those that count as long-lived from the start
   */
  LongLived(int window, IdSet baseline) {
    this.looks = new ArrayDeque<>(Collections.nCopies(window, baseline));
    this.longLived = baseline;
  }

  /** Takes note of a look, and returns those that have lived that long. */
  IdSet saw(IdSet ids) {
    IdSet last = looks.getLast();
    looks.removeFirst();
    looks.addLast(last.equals(ids) ? last : ids); // mostly one set for all
    longLived = looks.getFirst().and(looks.getLast());
    return longLived;
  }

  /** Those that had lived that long at the last look. */
  IdSet longLived() {
    return longLived;
  }

  /** How many threads the last look saw. */
  int alive() {
    return looks.getLast().size();
  }
}
