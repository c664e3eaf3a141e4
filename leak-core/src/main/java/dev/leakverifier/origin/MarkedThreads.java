package dev.leakverifier.origin;

import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.jvm.ThreadProbe;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which live thread has inherited which mark, as far as that is certain.
 *
 * <p>Mostly there is only one id that a child could have. Else all live threads are listed, and a
 * collection tells which children have ended. Thread-safe.
 */
final class MarkedThreads {
  private final Marks marks;
  private final Runnable garbageCollector;
  private final Map<Long, Child> known = new HashMap<>();

  /** All that there is to know of them is known. */
  private final Set<Long> decided = new HashSet<>();

  MarkedThreads(Marks marks, Runnable garbageCollector) {
    this.marks = marks;
    this.garbageCollector = garbageCollector;
  }

  /** Lets it be found out again what was doubtful: some may have ended since. */
  synchronized void lookAgain() {
    decided.clear();
  }

  /** The child that a live thread is; null if it is none, or that cannot be told at once. */
  synchronized @Nullable Child plainly(long threadId) {
    Child child = known.get(threadId);
    if (child == null) {
      child = onlyChildThatMayBe(threadId);
      if (child != null) {
        known.put(threadId, child);
      }
    }
    return child;
  }

  private @Nullable Child onlyChildThatMayBe(long threadId) {
    Child next = marks.madeAt(marks.idComesFirst() ? threadId + 1 : threadId - 1);
    if (next != null && next.isOnly(threadId)) {
      next.bind(threadId, classOf(threadId));
      return next;
    }
    for (Child child : marks.children()) {
      if (child.id() == threadId) {
        return child;
      }
    }
    return null;
  }

  /** The same, whatever it costs to tell. */
  synchronized @Nullable Child of(long threadId) {
    Child plain = plainly(threadId);
    if (plain != null || decided.contains(threadId)) {
      return plain;
    }
    long now = ThreadProbe.take();
    List<Child> candidates = marks.children().stream().filter(c -> c.mayBe(threadId)).toList();
    if (!candidates.isEmpty()) {
      bindAll(threadId, now);
    }
    decided.add(threadId);
    return known.get(threadId);
  }

  private void bindAll(long threadId, long now) {
    Map<Long, String> threads = platformThreads();
    boolean isVirtual = !threads.containsKey(threadId);
    if (isVirtual) {
      threads.putAll(virtualThreads());
    }
    if (!threads.containsKey(threadId) || !collectGarbage()) {
      return;
    }
    // Those that have been started since: a child may have been made, but not started.
    threads.putAll(platformThreads());
    if (isVirtual) {
      threads.putAll(virtualThreads());
    }
    List<Child> live =
        marks.children().stream()
            .filter(c -> c.probe() < now && Heritage.markOf(c) != null)
            .toList();
    new Binding(live, threads, marks.idComesFirst()).solve((child, id) -> known.put(id, child));
    known.values().removeIf(child -> Heritage.markOf(child) == null);
    decided.addAll(threads.keySet());
  }

  private static String classOf(long threadId) {
    return platformThreads().getOrDefault(threadId, CreationStack.VIRTUAL);
  }

  private static Map<Long, String> platformThreads() {
    Map<Long, String> threads = new HashMap<>();
    for (Thread thread : LiveThreads.platformThreads()) {
      threads.put(LiveThreads.id(thread), thread.getClass().getName());
    }
    return threads;
  }

  private static Map<Long, String> virtualThreads() {
    Map<Long, String> threads = new HashMap<>();
    for (long id : LiveThreads.JVM.list().virtual().ids().toArray()) {
      threads.put(id, CreationStack.VIRTUAL);
    }
    return threads;
  }

  /** Whether what nobody can reach is gone; a JVM may have been told not to collect. */
  private boolean collectGarbage() {
    WeakReference<Object> canary = new WeakReference<>(new Object());
    garbageCollector.run();
    return canary.refersTo(null);
  }
}
