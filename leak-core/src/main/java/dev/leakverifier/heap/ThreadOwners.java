package dev.leakverifier.heap;

import dev.leakverifier.heap.HeapObjects.Instance;
import dev.leakverifier.heap.HeapTypes.Field;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What threads belong to: a pool, a timer, or what their task is a part of. */
final class ThreadOwners {
  /** From a thread to its task, and from that to the pool whose worker it is. */
  private static final Set<String> LEADING =
      Set.of("holder", "target", "task", "cont", "pool", "queue", "container", "callable");

  private static final String TIMER_QUEUE = "java.util.TaskQueue";

  /** A thread, its holder, its continuation, a lambda, what that captured. */
  private static final int HOPS = 5;

  private final HeapObjects objects;
  private final HeapIndex index;
  private final Map<Integer, Owners> owners = new HashMap<>();

  private ThreadOwners(HeapObjects objects, HeapIndex index) {
    this.objects = objects;
    this.index = index;
  }

  /** What one thread belongs to, the nearest first. */
  static final class Owners {
    private final Set<Integer> pools = new LinkedHashSet<>();
    private final Set<Integer> tasks = new LinkedHashSet<>();
    private boolean timer;

    /** Whether there is what ends it. */
    boolean isWorker() {
      return !pools.isEmpty();
    }

    /** The call that would end it, if it is a worker. */
    String stop() {
      return timer ? "cancel()" : "shutdown()";
    }

    /** All of it in the order in which it counts; a task of a pool is none of the thread's own. */
    List<Integer> all(int thread) {
      List<Integer> all = new ArrayList<>(pools);
      all.add(thread);
      if (pools.isEmpty()) {
        all.addAll(tasks);
      }
      return all;
    }
  }

  static Map<Integer, Owners> of(HeapObjects objects, HeapIndex index, Set<Integer> threads)
      throws IOException {
    ThreadOwners found = new ThreadOwners(objects, index);
    found.find(threads);
    return found.owners;
  }

  private void find(Set<Integer> threads) throws IOException {
    Map<Long, Set<Integer>> next = new HashMap<>(); // by id, the threads that lead there
    for (int thread : threads) {
      owners.put(thread, new Owners());
      next.put(index.id(thread), Set.of(thread));
    }
    Set<Long> seen = new HashSet<>(next.keySet());
    for (int hop = 0; hop <= HOPS && !next.isEmpty(); hop++) {
      Map<Long, Set<Integer>> further = new HashMap<>();
      for (Instance object : objects.instances(next.keySet()).values()) {
        Set<Integer> from = next.getOrDefault(object.id(), Set.of());
        if (hop == 0 || !isOwner(object, from)) {
          for (Field field : object.references()) {
            long to = object.get(field);
            if (leads(field.name()) && to != 0 && (further.containsKey(to) || seen.add(to))) {
              further.computeIfAbsent(to, id -> new HashSet<>()).addAll(from);
            }
          }
        }
      }
      next = further;
    }
  }

  private static boolean leads(String field) {
    return LEADING.contains(field)
        || field.startsWith("this$")
        || field.startsWith("arg$")
        || field.startsWith("val$");
  }

  /** Notes it, and returns whether it is what ends the threads, so that nothing beyond counts. */
  private boolean isOwner(Instance object, Set<Integer> threads) {
    String name = object.className();
    boolean timer = name.equals(TIMER_QUEUE);
    boolean pool =
        timer
            || name.equals("java.util.concurrent.ThreadPerTaskExecutor")
            || objects.types.extendsClass(
                object.classId(), "java.util.concurrent.AbstractExecutorService");
    boolean task = !HeapGraph.isJdk(name) && !name.contains("$$Lambda");
    for (int thread : threads) {
      Owners own = owners.getOrDefault(thread, new Owners());
      own.timer |= timer;
      if (pool) {
        own.pools.add(index.of(object.id()));
      } else if (task) {
        own.tasks.add(index.of(object.id()));
      }
    }
    return pool;
  }
}
