package dev.leakverifier.thread;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds who holds the lock that a thread waits for, who the one that this one waits for, and so on.
 * Public since saved dumps and checks search alike, in two packages.
 */
public final class LockHolders {
  /** How far it is followed who holds the lock that a holder waits for. */
  public static final int MOST = 20;

  private final Map<Long, ThreadSample> threads = new LinkedHashMap<>();

  private LockHolders() {}

  /** The holders that are among {@code threads}, which were all seen at about one instant. */
  public static LockHolders among(Collection<ThreadSample> threads) {
    LockHolders holders = new LockHolders();
    threads.forEach(thread -> holders.threads.putIfAbsent(thread.id(), thread));
    return holders;
  }

  /**
   * The holders for {@code thread}, the next one first; ends with itself if it is in a deadlock.
   */
  public List<ThreadSample> of(ThreadSample thread) {
    ThreadSample next = holderFor(thread);
    if (next == null) {
      return List.of();
    }
    Set<Long> seen = new HashSet<>();
    List<ThreadSample> holders = new ArrayList<>();
    boolean forEver = waitsForEver(thread);
    while (next != null && seen.add(next.id()) && seen.size() <= MOST) {
      boolean inCircle = next.id() == thread.id();
      if (!inCircle || forEver) {
        holders.add(next);
      }
      forEver &= waitsForEver(next);
      next = inCircle ? null : holderFor(next);
    }
    return holders;
  }

  /**
   * The threads that wait for each other: each for a lock that the next one holds, and the last one
   * for a lock of the first. A thread that waits for a limited time is in none.
   */
  public List<List<ThreadSample>> deadlocks() {
    List<List<ThreadSample>> deadlocks = new ArrayList<>();
    Set<Long> passed = new HashSet<>();
    for (ThreadSample start : threads.values()) {
      List<ThreadSample> walk = new ArrayList<>();
      ThreadSample next = start;
      // A thread waits for one other at most, so each walk ends in a cycle or nowhere.
      while (next != null && passed.add(next.id())) {
        walk.add(next);
        next = waitsForEver(next) ? holderFor(next) : null;
      }
      int entry = next == null ? -1 : walk.indexOf(next);
      if (entry >= 0) {
        deadlocks.add(inOrder(walk.subList(entry, walk.size())));
      }
    }
    return List.copyOf(deadlocks);
  }

  /** The cycle from that of its threads on that comes first. */
  private List<ThreadSample> inOrder(List<ThreadSample> cycle) {
    Set<ThreadSample> members = Set.copyOf(cycle);
    ThreadSample first = threads.values().stream().filter(members::contains).iterator().next();
    Collections.rotate(cycle, -cycle.indexOf(first));
    return List.copyOf(cycle);
  }

  private static boolean waitsForEver(ThreadSample thread) {
    return thread.state() != Thread.State.TIMED_WAITING;
  }

  private @Nullable ThreadSample holderFor(ThreadSample thread) {
    OptionalLong holder = thread.lock().map(ThreadLock::ownerId).orElse(OptionalLong.empty());
    return holder.isPresent() ? threads.get(holder.getAsLong()) : null;
  }
}
