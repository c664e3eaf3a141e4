package dev.leakverifier.check;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.leakverifier.jvm.LiveThread;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for threads by short naps that grow. To join one would tell its end at once, but enters its
 * monitor, which user code can hold for ever.
 */
public final class Naps implements Pause {
  /**
   * How long, and how often at most, a short pause only gives way to threads that want to run:
   * those of a pool mostly end sooner after it has said that it is terminated than a nap takes.
   */
  private static final long GIVING_WAY = MICROSECONDS.toNanos(50);

  private static final int YIELDS = 100;
  private static final long SHORT = MILLISECONDS.toNanos(1);

  /** So late is an end noticed at most; to be woken a thousand times a second is 2% of a core. */
  private static final long LONGEST_NAP = MILLISECONDS.toNanos(1);

  /** An interrupt does not end the pause, and is restored after it. */
  @Override
  public void untilEnded(List<LiveThread> threads, long nanos) {
    long start = System.nanoTime();
    int ended = nanos > SHORT ? 0 : giveWay(threads, start);
    boolean interrupted = false;
    for (int nap = 0; ; nap++) {
      ended = countEnded(threads, ended);
      long left = nanos - (System.nanoTime() - start);
      if (ended == threads.size() || left <= 0) {
        break;
      }
      boolean endsUnseen = threads.get(ended).thread() == null;
      LockSupport.parkNanos(endsUnseen ? left : Math.min(left, nanosOf(nap)));
      interrupted |= Thread.interrupted(); // no nap would last otherwise
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The length of a nap: 50 us for the first, then four times as long each, up to 1 ms. */
  static long nanosOf(int nap) {
    return Math.min(LONGEST_NAP, MICROSECONDS.toNanos(50) << (2 * Math.min(nap, 3)));
  }

  @SuppressWarnings("ThreadPriorityCheck") // nothing but speed depends on yield()
  private static int giveWay(List<LiveThread> threads, long start) {
    int ended = countEnded(threads, 0);
    for (int i = 0; i < YIELDS && ended < threads.size(); i++) {
      if (System.nanoTime() - start >= GIVING_WAY) {
        break;
      }
      Thread.yield();
      ended = countEnded(threads, ended);
    }
    return ended;
  }

  /** How many at the start have ended; that {@code known} have is known. */
  private static int countEnded(List<LiveThread> threads, int known) {
    int ended = known;
    while (ended < threads.size()) {
      Thread thread = threads.get(ended).thread();
      if (thread == null || thread.isAlive()) {
        break;
      }
      ended++;
    }
    return ended;
  }
}
