package dev.leakverifier.heap;

import dev.leakverifier.heap.ThreadOwners.Owners;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Finds the threads that belong to what a {@link LastingHolder} holds, whoever else may hold it.
 *
 * <p>It has to hold the pool of a worker. Of a thread that is no worker, it has to hold the thread
 * or its task; a task that only uses what it holds, as the lambda of a test that calls a bean, is
 * not its own.
 */
final class Lasting {
  private final HeapGraph graph;
  private final HeapObjects objects;

  Lasting(HeapGraph graph, HeapObjects objects) {
    this.graph = graph;
    this.objects = objects;
  }

  /** What holds those of the threads that are held so. */
  Map<Long, LastingHolder> of(Set<Long> ids) throws IOException {
    Map<Root, LastingHolder> roots = roots();
    Map<Long, Integer> suspects = graph.threads(ids);
    if (roots.isEmpty() || suspects.isEmpty()) {
      return Map.of();
    }
    Set<Integer> threads = new HashSet<>(suspects.values());
    Set<Integer> ends = new HashSet<>(graph.apart);
    ends.addAll(threads);
    Map<Integer, Owners> owners = ThreadOwners.of(objects, graph.index, threads);
    Map<Long, LastingHolder> found = new HashMap<>();
    roots.forEach(
        (root, holder) -> {
          Reach held = new Reach(graph, /* alsoCut= */ false, ends);
          held.spread(root::equals);
          suspects.forEach(
              (id, thread) -> {
                Owners own = owners.getOrDefault(thread, new Owners());
                if (own.own(thread).stream().anyMatch(held::has)) {
                  found.putIfAbsent(id, holder);
                }
              });
        });
    return found;
  }

  private Map<Root, LastingHolder> roots() throws IOException {
    Map<Root, LastingHolder> roots = new LinkedHashMap<>();
    Set<Long> fields = new HashSet<>();
    for (Root root : graph.roots) {
      if (root.isStatic()) {
        LastingHolder.in(graph.types.name(root.type()))
            .ifPresent(
                holder -> {
                  roots.put(root, holder);
                  fields.add(root.field());
                });
      }
    }
    if (!roots.isEmpty()) {
      Map<Long, String> names = graph.types.texts(fields);
      roots.entrySet().removeIf(each -> !each.getValue().isIn(names.get(each.getKey().field())));
    }
    return roots;
  }
}
