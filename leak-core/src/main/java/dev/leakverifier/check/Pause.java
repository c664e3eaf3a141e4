package dev.leakverifier.check;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.leakverifier.jvm.LiveThread;
import java.util.List;

/** How a check waits; a test puts its own clock's pause here. */
public interface Pause {
  long LEAST_BETWEEN_LOOKS = MILLISECONDS.toNanos(1);
  long MOST_BETWEEN_LOOKS = SECONDS.toNanos(1);

  /** A look is taken so seldom that it takes one part of so many of the time, at most. */
  int LOOK_SHARE = 400;

  /** However long a look takes, that is not too seldom for it. */
  long SELDOM = MILLISECONDS.toNanos(100);

  /** Returns when all of {@code threads} have ended, at the latest after {@code nanos}. */
  void untilEnded(List<LiveThread> threads, long nanos);

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
   * The time until the next look where that needs a thread dump, which took {@code dumpNanos}:
   * nothing else tells that a virtual thread has ended, so the time doubles from 1 ms to 100 ms; at
   * most half of it goes into dumps, and a tenth where they are quick.
   */
  static long nanosBeforeNextDump(int attempt, long dumpNanos) {
    long doubled = Math.min(MILLISECONDS.toNanos(100), LEAST_BETWEEN_LOOKS << Math.min(attempt, 7));
    return Math.max(dumpNanos, Math.min(doubled, 10 * Math.max(dumpNanos, LEAST_BETWEEN_LOOKS)));
  }
}
