package dev.leakverifier;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.leakverifier.thread.LiveThread;
import dev.leakverifier.thread.LiveThreads;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import java.util.Collection;

/** How a check waits; a test puts its own clock's pause here. */
interface Pause {
  /** Wakes as soon as the last of {@code threads} ends, if all can be joined. */
  Pause JOINING = Pause::join;

  /** Returns when all of {@code threads} have ended, at the latest after {@code nanos}. */
  void untilEnded(Collection<LiveThread> threads, long nanos) throws InterruptedException;

  /**
   * The time until stacks are read again, in which a filter may have started to match. It doubles
   * from 1 ms to 100 ms, so that a second of patience reads 16 times.
   */
  static long nanosBeforeNextLook(int attempt) {
    return MILLISECONDS.toNanos(Math.min(100, 1L << Math.min(attempt, 7)));
  }

  /**
   * The same where a look needs a thread dump, which took {@code dumpNanos}: at most half of the
   * time goes into dumps, and a tenth where they are quick.
   */
  static long nanosBeforeNextDump(int attempt, long dumpNanos) {
    long most = 10 * Math.max(dumpNanos, MILLISECONDS.toNanos(1));
    return Math.max(dumpNanos, Math.min(nanosBeforeNextLook(attempt), most));
  }

  private static void join(Collection<LiveThread> threads, long nanos) throws InterruptedException {
    long start = System.nanoTime();
    for (LiveThread live : threads) {
      long left = nanos - (System.nanoTime() - start);
      if (left <= 0) {
        return;
      }
      Thread thread = live.thread();
      if (thread == null || (thread.isAlive() && holdsItsOwnMonitor(thread))) {
        NANOSECONDS.sleep(left);
      } else {
        NANOSECONDS.timedJoin(thread, left);
      }
    }
  }

  /** Joining takes the thread's monitor: a {@code synchronized run()} would hold us for good. */
  private static boolean holdsItsOwnMonitor(Thread thread) {
    long id = LiveThreads.id(thread);
    if (id <= 0) {
      return true; // unknown
    }
    ThreadInfo[] infos =
        ManagementFactory.getThreadMXBean()
            .getThreadInfo(
                new long[] {id}, /* lockedMonitors= */ true, /* lockedSynchronizers= */ false);
    return infos[0] != null
        && Arrays.stream(infos[0].getLockedMonitors())
            .anyMatch(monitor -> monitor.getIdentityHashCode() == System.identityHashCode(thread));
  }
}
