package dev.leakverifier.dump;

import java.util.ArrayList;
import java.util.List;

/** Finds threads that wait for each other for ever. */
final class WaitCycles {
  private WaitCycles() {}

  /**
   * The cycles among {@code threads}, each beginning with the thread that comes first.
   *
   * @param holders by thread, the index of the one that holds what it waits for; -1 if there is
   *     none
   */
  static List<Deadlock> in(List<DumpedThread> threads, int[] holders) {
    List<Deadlock> deadlocks = new ArrayList<>();
    int[] walks = new int[holders.length]; // the walk, from 1, on which a thread was passed
    for (int start = 0; start < holders.length; start++) {
      int walk = start + 1;
      int at = start;
      // A thread waits for one other at most, so each walk ends in a cycle or nowhere.
      while (at >= 0 && walks[at] == 0) {
        walks[at] = walk;
        at = waitsForEver(threads.get(at)) ? holders[at] : -1;
      }
      if (at >= 0 && walks[at] == walk) {
        deadlocks.add(cycle(threads, holders, at));
      }
    }
    return List.copyOf(deadlocks);
  }

  private static Deadlock cycle(List<DumpedThread> threads, int[] holders, int entry) {
    int first = entry;
    for (int at = holders[entry]; at != entry; at = holders[at]) {
      first = Math.min(first, at);
    }
    List<DumpedThread> cycle = new ArrayList<>();
    int at = first;
    do {
      cycle.add(threads.get(at));
      at = holders[at];
    } while (at != first);
    return new Deadlock(cycle);
  }

  private static boolean waitsForEver(DumpedThread thread) {
    return thread.sample().state() != Thread.State.TIMED_WAITING;
  }
}
