package dev.leakverifier.blame;

import static java.util.Comparator.comparingLong;

import dev.leakverifier.thread.ThreadOrigin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which tests and fixtures ran on which thread, and when, counted in notes. */
final class Stretches {
  /** In the order in which they began, in which both notes of their beginning only grow. */
  private final Map<Long, List<Stretch>> byThread = new HashMap<>();

  private int size;
  private final List<Stretch> open = new ArrayList<>();
  private final List<Interlude> interludes = new ArrayList<>();

  /**
   * What a runner's thread did while no test was open: it may have made them, or called listeners.
   * Whose code that was, the stack of each start tells.
   */
  record Interlude(
      Object owner,
      long thread,
      long from,
      long to,
      Function<? super List<StackTraceElement>, ? extends Optional<? extends Window>> windowOf) {
    private Optional<Stretch> stretchOf(ThreadOrigin start, long note) {
      if (start.starterId() != thread || note <= from || note > to) {
        return Optional.empty();
      }
      return windowOf.apply(start.frames()).map(this::asStretch);
    }

    private Stretch asStretch(Window window) {
      Stretch stretch = new Stretch(owner, window, thread, from, to);
      stretch.end(to);
      return stretch;
    }
  }

  void open(Stretch stretch) {
    size++;
    for (Stretch other : open) {
      if (other.thread() == stretch.thread() && other.isInterrupted()) {
        stretch.interrupts(other); // the last to begin
      }
    }
    byThread.computeIfAbsent(stretch.thread(), thread -> new ArrayList<>()).add(stretch);
    open.add(stretch);
  }

  void add(Interlude interlude) {
    interludes.add(interlude);
  }

  boolean areOpen() {
    return !open.isEmpty();
  }

  boolean isOpen(Predicate<Stretch> which) {
    for (Stretch stretch : open) {
      if (which.test(stretch)) {
        return true;
      }
    }
    return false;
  }

  /** Says that those of the open ones go on after others on their thread. */
  void interrupt(Predicate<Stretch> which) {
    for (Stretch stretch : open) {
      if (which.test(stretch)) {
        stretch.interrupt();
      }
    }
  }

  /** Ends those of the open ones. */
  void end(Predicate<Stretch> which, long note) {
    for (Iterator<Stretch> each = open.iterator(); each.hasNext(); ) {
      Stretch stretch = each.next();
      if (which.test(stretch)) {
        stretch.end(note);
        each.remove();
      }
    }
  }

  void dropInterludesOf(Object owner) {
    interludes.removeIf(interlude -> interlude.owner() == owner);
  }

  /** Whether any is known that ran on this thread. */
  boolean haveRunOn(long threadId) {
    return byThread.containsKey(threadId);
  }

  /** The innermost one of each thread on which one was open then, and those interrupted for it. */
  List<Stretch> openAt(long note) {
    return byThread.keySet().stream()
        .flatMap(thread -> latestOn(thread, stretch -> stretch.wasOpenAt(note)))
        .flatMap(Stretch::withInterrupted)
        .toList();
  }

  /** The innermost one on the starter's thread, a runner's, or else the next that ran there. */
  Optional<Stretch> of(ThreadOrigin start, long note) {
    return Stream.concat(
            interludes.stream().flatMap(interlude -> interlude.stretchOf(start, note).stream()),
            latestOn(start.starterId(), stretch -> stretch.contains(note)))
        .reduce((outer, inner) -> inner.from() >= outer.from() ? inner : outer);
  }

  /** Those within which {@code inner} ran on its thread, the nearest first. */
  List<Stretch> around(Stretch inner) {
    return on(inner.thread()).stream()
        .filter(other -> other.contains(inner))
        .sorted(comparingLong(Stretch::from).reversed())
        .toList();
  }

  int size() {
    return size;
  }

  /** Forgets those that are over, and in which none of the {@code notes} was taken. */
  void retain(NavigableSet<Long> notes) {
    byThread
        .values()
        .forEach(all -> all.removeIf(s -> s.isOver() && !hasAny(notes, s.from(), s.to())));
    byThread.values().removeIf(List::isEmpty);
    interludes.removeIf(interlude -> !hasAny(notes, interlude.from(), interlude.to()));
    size = byThread.values().stream().mapToInt(List::size).sum();
  }

  private static boolean hasAny(NavigableSet<Long> notes, long from, long to) {
    Long next = notes.higher(from);
    return next != null && next <= to;
  }

  /** The last to begin is the innermost; mostly it is asked about what was just seen. */
  private Stream<Stretch> latestOn(long thread, Predicate<Stretch> which) {
    List<Stretch> all = on(thread);
    for (int i = all.size() - 1; i >= 0; i--) {
      if (which.test(all.get(i))) {
        return Stream.of(all.get(i));
      }
    }
    return Stream.empty();
  }

  private List<Stretch> on(long thread) {
    return byThread.getOrDefault(thread, List.of());
  }
}
