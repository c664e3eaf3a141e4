package dev.leakverifier.heap;

import dev.leakverifier.heap.Root.Kind;
import dev.leakverifier.heap.ThreadOwners.Owners;
import dev.leakverifier.thread.ThreadHolder;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds who holds what threads belong to: the pool of a worker, the {@code Timer} of its thread, or
 * the thread itself, by the shortest way from a root that does not lead through those threads.
 *
 * <p>It is what a heap dump shows, and no proof: an object that only compiled code knows is not in
 * it.
 */
final class HeldBy {
  private final HeapGraph graph;
  private final HeapObjects objects;
  private final HeapStacks stacks;

  /** What is reached from what runs when something was collected; made when it is asked for. */
  private @Nullable Reach cleaned;

  HeldBy(HeapGraph graph, HeapObjects objects, HeapStacks stacks) {
    this.graph = graph;
    this.objects = objects;
    this.stacks = stacks;
  }

  /**
   * Who holds each of those threads.
   *
   * @param ids of the threads; those that the dump does not hold are left out
   * @param caller the id of the thread that took the dump: its calls of ours hold nothing. 0 if it
   *     is another JVM's
   */
  Map<Long, ThreadHolder> of(Set<Long> ids, long caller) throws IOException {
    Map<Long, Integer> suspects = graph.threads(ids);
    if (suspects.isEmpty()) {
      return Map.of();
    }
    Set<Integer> around = new HashSet<>(suspects.values());
    Reach outside = outside(around, graph.thread(caller));
    Map<Integer, Owners> owners = ThreadOwners.of(objects, graph.index, around);
    Map<Long, List<Integer>> ways = new LinkedHashMap<>();
    Map<Long, ThreadHolder> told = new LinkedHashMap<>();
    for (Map.Entry<Long, Integer> suspect : suspects.entrySet()) {
      int thread = suspect.getValue();
      Owners own = owners.getOrDefault(thread, new Owners());
      Optional<Integer> held = own.all(thread).stream().filter(outside::has).findFirst();
      if (held.isPresent()) {
        ways.put(suspect.getKey(), outside.way(held.get()));
      } else {
        told.put(suspect.getKey(), byNobody(own, thread, around));
      }
    }
    told.putAll(new HolderPath(graph, objects, stacks, outside).words(ways));
    return told;
  }

  private ThreadHolder byNobody(Owners own, int thread, Set<Integer> suspects) throws IOException {
    if (!own.isWorker()) {
      return ThreadHolder.nobody("nothing but itself");
    }
    return ThreadHolder.nobody(
        "nothing but its own threads: "
            + (endsWhenCollected(own.all(thread), suspects)
                ? "ends when collected"
                : "nobody can call " + own.stop() + " any more"));
  }

  /**
   * Whether the JDK ends it once it has collected what users had of it: what is run then leads to
   * it by way of the JDK's own objects.
   */
  private boolean endsWhenCollected(List<Integer> owners, Set<Integer> suspects)
      throws IOException {
    Reach known = cleaned;
    if (known == null) {
      known = new Reach(graph, /* alsoCut= */ true, suspects);
      known.spreadFrom(graph.cleaning.stream().boxed().toList());
      cleaned = known;
    }
    for (int owner : owners) {
      if (known.has(owner)) {
        List<Long> way = known.way(owner).stream().map(graph.index::id).toList();
        return objects.instances(way).values().stream()
            .allMatch(object -> HeapLayouts.isJdk(object.className()));
      }
    }
    return false;
  }

  private static boolean isOf(Root root, Set<Integer> suspects) {
    return root.kind() == Kind.FRAME
        ? suspects.contains(root.thread())
        : root.kind() == Kind.THREAD && suspects.contains(root.object());
  }

  /**
   * What is reached other than by way of {@code suspects}: by what lasts before by what a method
   * holds while it runs.
   */
  private Reach outside(Set<Integer> suspects, @Nullable Integer caller) throws IOException {
    Reach outside = new Reach(graph, /* alsoCut= */ false, suspects);
    outside.spread(
        root -> root.kind() != Kind.FRAME && root.kind() != Kind.LIST && !isOf(root, suspects));
    int callsOfOurs = caller == null ? 0 : callsOfOurs(caller);
    outside.spread(
        root ->
            root.kind() == Kind.FRAME
                && !isOf(root, suspects)
                && !(caller != null && root.thread() == caller && root.frame() < callsOfOurs));
    Reach all = new Reach(graph, /* alsoCut= */ true, Set.of());
    all.spread(root -> true);
    all.spreadFrom(suspects); // a virtual one need not be known to the JVM
    outside.spreadFromAllBut(all);
    return outside;
  }

  /** How many frames on top of a stack are those of a check, and of the JDK in it. */
  private int callsOfOurs(int thread) throws IOException {
    long id = graph.index.id(thread);
    int calls = 0;
    for (StackTraceElement frame : stacks.of(Set.of(id)).getOrDefault(id, List.of())) {
      if (!HeapLayouts.isOurs(frame.getClassName()) && !HeapLayouts.isJdk(frame.getClassName())) {
        break;
      }
      calls++;
    }
    return calls;
  }
}
