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

  /** A pool's, which knows its thread, in whatever the thread's own task may be wrapped. */
  private static final String WORKER = "java.util.concurrent.ThreadPoolExecutor$Worker";

  private static final String TIMER_QUEUE = "java.util.TaskQueue";

  /** A thread, its holder, its continuation, a lambda, what that captured. */
  private static final int HOPS = 5;

  private final HeapObjects objects;
  private final HeapIndex index;
  private final Map<Integer, Owners> owners = new HashMap<>();

  /**
   * By the id of an object, the threads that have it by fields of the JDK's: their own task, say.
   */
  private final Map<Long, Set<Integer>> own = new HashMap<>();

  /** By the id of an object, the threads whose own task is of a class inside the object's class. */
  private final Map<Long, Set<Integer>> around = new HashMap<>();

  private ThreadOwners(HeapObjects objects, HeapIndex index) {
    this.objects = objects;
    this.index = index;
  }

  /** What one thread belongs to, the nearest first. */
  static final class Owners {
    private final Set<Integer> pools = new LinkedHashSet<>();
    private final Set<Integer> tasks = new LinkedHashSet<>();
    private final Set<Integer> ownPools = new LinkedHashSet<>();
    private final Set<Integer> ownTasks = new LinkedHashSet<>();
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

    /**
     * What ends the thread where it ends: the pool whose worker it is, or else itself and its task.
     * What a task has captured is none of it: it may be anything that a thread of a test uses.
     */
    Set<Integer> own(int thread) {
      if (!ownPools.isEmpty()) {
        return ownPools;
      }
      Set<Integer> own = new LinkedHashSet<>(ownTasks);
      own.add(thread);
      return own;
    }
  }

  static Map<Integer, Owners> of(HeapObjects objects, HeapIndex index, Set<Integer> threads)
      throws IOException {
    ThreadOwners found = new ThreadOwners(objects, index);
    found.find(threads);
    return found.owners;
  }

  private void find(Set<Integer> threads) throws IOException {
    Map<Long, Set<Integer>> first = new HashMap<>(); // by id, the threads that lead there
    for (int thread : threads) {
      owners.put(thread, new Owners());
      first.put(index.id(thread), Set.of(thread));
      own.put(index.id(thread), new HashSet<>(Set.of(thread)));
    }
    objects.forEach(
        classId -> objects.types.name(classId).equals(WORKER),
        worker -> {
          int thread = index.of(worker.get("thread"));
          if (threads.contains(thread)) {
            first.put(worker.id(), Set.of(thread));
            own.put(worker.id(), new HashSet<>(Set.of(thread)));
          }
        });
    Map<Long, Set<Integer>> next = first;
    for (int hop = 0; hop <= HOPS && !next.isEmpty(); hop++) {
      Map<Long, Set<Integer>> further = new HashMap<>();
      for (Instance object : objects.instances(next.keySet()).values()) {
        Set<Integer> from = next.getOrDefault(object.id(), Set.of());
        if (hop == 0 || !isOwner(object, from)) {
          for (Field field : object.references()) {
            long to = object.get(field);
            if (to != 0 && leads(field.name())) {
              further.computeIfAbsent(to, id -> new HashSet<>()).addAll(from);
              noteOwn(object.id(), field, to);
            }
          }
        }
      }
      next = further;
    }
  }

  private void noteOwn(long from, Field field, long to) {
    Set<Integer> threads = own.getOrDefault(from, Set.of());
    if (field.name().startsWith("this$")) {
      Set<Integer> inside = around.computeIfAbsent(to, id -> new HashSet<>());
      inside.addAll(threads);
      inside.addAll(around.getOrDefault(from, Set.of()));
    } else if (HeapLayouts.isJdk(objects.types.name(field.declaredBy()))) {
      own.computeIfAbsent(to, id -> new HashSet<>()).addAll(threads);
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
    boolean task = !HeapLayouts.isJdk(name) && !name.contains("$$Lambda");
    int number = index.of(object.id());
    Set<Integer> ofTheirOwn = own.getOrDefault(object.id(), Set.of());
    Set<Integer> inside = around.getOrDefault(object.id(), Set.of());
    for (int thread : threads) {
      Owners known = owners.getOrDefault(thread, new Owners());
      known.timer |= timer;
      if (pool) {
        known.pools.add(number);
        if (ofTheirOwn.contains(thread) || inside.contains(thread)) {
          known.ownPools.add(number);
        }
      } else if (task) {
        known.tasks.add(number);
        if (ofTheirOwn.contains(thread)) {
          known.ownTasks.add(number);
        }
      }
    }
    return pool;
  }
}
