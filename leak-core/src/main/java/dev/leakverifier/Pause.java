package dev.leakverifier;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.ThreadInfos;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** How a check waits; a test puts its own clock's pause here. */
interface Pause {
  /**
   * Wakes as soon as the last of {@code threads} ends, if all can be joined. To join one first
   * costs the JVM a safepoint, which a short pause does not pay: it glances at them a few times.
   */
  Pause JOINING =
      (threads, joinable, nanos) -> {
        if (nanos <= Pause.SHORT) {
          Pause.glance(threads, nanos);
        } else {
          Pause.join(threads, joinable, nanos);
        }
      };

  long SHORT = MILLISECONDS.toNanos(1);

  /**
   * How long, and how often at most, a short pause only gives way to threads that want to run, as
   * ending ones do: to sleep and be woken takes longer than most of them need.
   */
  long GIVING_WAY = MICROSECONDS.toNanos(50);

  int YIELDS = 100;

  /**
   * The first sleep of a short pause; each is four times as long as the one before, so they are
   * few: to sleep and be woken takes as much CPU time as half of the yields.
   */
  long FIRST_NAP = MICROSECONDS.toNanos(50);

  long LEAST_BETWEEN_LOOKS = MILLISECONDS.toNanos(1);
  long MOST_BETWEEN_LOOKS = SECONDS.toNanos(1);

  /** A look is taken so seldom that it takes one part of so many of the time, at most. */
  int LOOK_SHARE = 400;

  /** However long a look takes, that is not too seldom for it. */
  long SELDOM = MILLISECONDS.toNanos(100);

  /**
   * Returns when all of {@code threads} have ended, at the latest after {@code nanos}.
   *
   * @param joinable the ids of those that were seen outside their own monitors just now
   */
  void untilEnded(Collection<LiveThread> threads, Set<Long> joinable, long nanos)
      throws InterruptedException;

  /**
   * The time until stacks are read again, in which a filter may have started to match: as long
   * again as it was waited until now, so it is not waited twice as long as was needed, and a second
   * of patience reads few times. To look must not be what a wait is spent on.
   *
   * @param waitedNanos how long it was waited until now
   * @param lookNanos what the last look took
   */
  static long nanosBeforeNextLook(long waitedNanos, long lookNanos) {
    long seldom = SELDOM / LOOK_SHARE < lookNanos ? SELDOM : LOOK_SHARE * lookNanos;
    long longer = Math.max(LEAST_BETWEEN_LOOKS, Math.min(waitedNanos, MOST_BETWEEN_LOOKS));
    return Math.max(seldom, longer);
  }

  /**
   * The same where a look needs a thread dump, which took {@code dumpNanos}: nothing else tells
   * that a virtual thread has ended, so the time doubles from 1 ms to 100 ms; at most half of it
   * goes into dumps, and a tenth where they are quick.
   */
  static long nanosBeforeNextDump(int attempt, long dumpNanos) {
    long doubled = Math.min(MILLISECONDS.toNanos(100), LEAST_BETWEEN_LOOKS << Math.min(attempt, 7));
    return Math.max(dumpNanos, Math.min(doubled, 10 * Math.max(dumpNanos, LEAST_BETWEEN_LOOKS)));
  }

  /** Threads of a pool mostly end so soon after it has said that it is terminated. */
  @SuppressWarnings("ThreadPriorityCheck") // nothing but speed depends on yield()
  private static void glance(Collection<LiveThread> threads, long nanos)
      throws InterruptedException {
    long start = System.nanoTime();
    boolean ended = haveEnded(threads);
    long givingWay = Math.min(nanos, GIVING_WAY);
    for (int i = 0; i < YIELDS && !ended && System.nanoTime() - start < givingWay; i++) {
      Thread.yield();
      ended = haveEnded(threads);
    }
    for (long nap = FIRST_NAP; !ended; nap *= 4) {
      if (Thread.interrupted()) { // also where the time is over by now
        throw new InterruptedException();
      }
      long left = nanos - (System.nanoTime() - start);
      if (left <= 0) {
        return;
      }
      LockSupport.parkNanos(Math.min(nap, left));
      ended = haveEnded(threads);
    }
  }

  private static boolean haveEnded(Collection<LiveThread> threads) {
    for (LiveThread live : threads) {
      Thread thread = live.thread();
      if (thread == null || thread.isAlive()) {
        return false;
      }
    }
    return true;
  }

  private static void join(Collection<LiveThread> threads, Set<Long> joinable, long nanos)
      throws InterruptedException {
    long start = System.nanoTime();
    Set<Long> stillJoinable = joinable;
    for (LiveThread live : threads) {
      long left = nanos - (System.nanoTime() - start);
      if (left <= 0) {
        return;
      }
      Thread thread = live.thread();
      if (thread == null) {
        NANOSECONDS.sleep(left);
      } else if (thread.isAlive()) {
        joinOrSleep(thread, stillJoinable.contains(live.id()), left);
        stillJoinable = Set.of(); // that was some time ago by now
      }
    }
  }

  private static void joinOrSleep(Thread thread, boolean joinable, long nanos)
      throws InterruptedException {
    // Joining takes the thread's monitor: a synchronized run() would hold us for good.
    if (joinable || !ThreadInfos.holdsItsOwnMonitor(thread)) {
      NANOSECONDS.timedJoin(thread, nanos);
    } else {
      NANOSECONDS.sleep(nanos);
    }
  }
}
