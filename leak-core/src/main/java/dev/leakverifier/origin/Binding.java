package dev.leakverifier.origin;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which live thread is which child: never by what is near, only by what is left.
 *
 * <p>A child that has not ended is one of the live threads whose ids it could have. If there is one
 * only, that is it, and it is nobody else; which may leave one only for another child, as in a
 * sudoku. What is still doubtful then, stays doubtful.
 */
final class Binding {
  /** A child that could still be one of so many is not looked at closer. */
  private static final int MAX_LOOKS = 32;

  private final NavigableMap<Long, String> free;
  private final List<Child> unbound = new ArrayList<>();

  /**
   * Of those children, and those live threads.
   *
   * @param children in the order in which they were made; each lives, for certain
   * @param threads the class of each thread that may live, by id
   * @param idComesFirst whether the id of a child lies below its probe
   */
  Binding(List<Child> children, Map<Long, String> threads, boolean idComesFirst) {
    this.free = new TreeMap<>(threads);
    for (Child child : children) {
      if (child.id() != 0) {
        free.remove(child.id());
      } else {
        unbound.add(child);
      }
    }
    if (!idComesFirst) { // the last made is bounded by nobody, so it is found first
      Collections.reverse(unbound);
    }
  }

  /** Binds what can be bound; tells {@code found} of each, with the id of its thread. */
  void solve(BiConsumer<Child, Long> found) {
    boolean goesOn = true;
    while (goesOn) {
      goesOn = false;
      for (Iterator<Child> each = unbound.iterator(); each.hasNext(); ) {
        Child child = each.next();
        Map.Entry<Long, String> only = onlyThreadOf(child);
        if (only != null) {
          child.bind(only.getKey(), only.getValue());
          found.accept(child, only.getKey());
          free.remove(only.getKey());
          each.remove();
          goesOn = true;
        }
      }
    }
  }

  /** The one thread that the child could be; null if there are several, or none. */
  private Map.@Nullable Entry<Long, String> onlyThreadOf(Child child) {
    Mark mark = Heritage.markOf(child);
    if (mark == null || child.below() <= child.above() + 1) {
      return null;
    }
    Map.Entry<Long, String> only = null;
    int looks = 0;
    for (Map.Entry<Long, String> thread :
        free.subMap(child.above(), false, child.below(), false).entrySet()) {
      if (++looks > MAX_LOOKS) {
        return null;
      }
      if (mark.fits(thread.getValue())) {
        if (only != null) {
          return null;
        }
        only = Map.entry(thread.getKey(), thread.getValue());
      }
    }
    return only;
  }
}
