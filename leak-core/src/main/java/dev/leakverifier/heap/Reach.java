package dev.leakverifier.heap;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What is reached through the heap from some roots, each object on the shortest way. */
final class Reach {
  private final HeapGraph graph;
  private final boolean alsoCut;
  private final Set<Integer> ends;
  private final int[] from; // + 1; its own is a root
  private final int[] queue;
  private final Map<Integer, Root> rootOf = new HashMap<>();
  private int head;
  private int tail;

  /**
   * Nothing yet.
   *
   * @param alsoCut whether to go where no program could go
   * @param ends from which no way leads on
   */
  Reach(HeapGraph graph, boolean alsoCut, Set<Integer> ends) {
    this.graph = graph;
    this.alsoCut = alsoCut;
    this.ends = ends;
    this.from = new int[graph.index.size()];
    this.queue = new int[graph.index.size()];
  }

  /** Goes on from those roots of the graph, as far as it goes. */
  void spread(Predicate<Root> roots) {
    for (Root root : graph.roots) {
      if (roots.test(root)) {
        begin(root);
      }
    }
    spread();
  }

  /** Goes on from what {@code other} does not reach. */
  void spreadFromAllBut(Reach other) {
    for (int object = 0; object < from.length; object++) {
      if (!other.has(object)) {
        begin(Root.of(Root.Kind.UNSEEN, object));
      }
    }
    spread();
  }

  /** Goes on from those objects. */
  void spreadFrom(Collection<Integer> objects) {
    objects.forEach(object -> begin(Root.of(Root.Kind.JVM, object)));
    spread();
  }

  private void begin(Root root) {
    int object = root.object();
    if (from[object] == 0) {
      from[object] = object + 1;
      queue[tail++] = object;
      rootOf.put(object, root);
    }
  }

  private void spread() {
    while (head < tail) {
      int object = queue[head++];
      if (!ends.contains(object)) {
        graph.forEachReference(object, alsoCut, to -> next(object, to));
      }
    }
  }

  private void next(int object, int to) {
    if (from[to] == 0) {
      from[to] = object + 1;
      queue[tail++] = to;
    }
  }

  boolean has(int object) {
    return from[object] != 0;
  }

  /** The objects from a root to {@code object}, both included. */
  List<Integer> way(int object) {
    ArrayDeque<Integer> way = new ArrayDeque<>();
    int each = object;
    way.addFirst(each);
    while (from[each] != each + 1) {
      each = from[each] - 1;
      way.addFirst(each);
    }
    return List.copyOf(way);
  }

  /** The root that holds {@code object} itself, the first of a way. */
  Root root(int object) {
    return requireNonNull(rootOf.get(object));
  }
}
