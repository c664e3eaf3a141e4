package dev.leakverifier.testing;

import com.google.common.util.concurrent.Uninterruptibles;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The threads that sample tests leave behind, so that the test around them can end them. */
public final class Leaks {
  private static final Queue<Thread> LEFT = new ConcurrentLinkedQueue<>();

  private static volatile Enum<?> place = Thread.State.NEW; // of no sample

  private Leaks() {}

  /** Has a sample that can leak in several places do so in this one only. */
  public static void leaveOnlyAt(Enum<?> leaking) {
    place = leaking;
  }

  /** Leaves a thread with the name of {@code reached}, if a sample is to leak there. */
  public static void leaveAt(Enum<?> reached) {
    if (reached == place) {
      leave(reached.toString());
    }
  }

  /** Starts a thread that waits until {@link #endAll}. */
  public static void leave(String name) {
    LEFT.add(BlockedThread.start(name).thread());
  }

  /** Leaves a thread that ends when it is interrupted. */
  public static void leave(BlockedThread thread) {
    LEFT.add(thread.thread());
  }

  /** Starts a thread that runs {@code body}, which must end when it is interrupted. */
  public static void leave(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    LEFT.add(thread);
    thread.start();
  }

  /** What the threads are called that are left. */
  public static List<String> names() {
    return LEFT.stream().map(Thread::getName).toList();
  }

  /** Interrupts the threads, and waits until they have ended. */
  public static void endAll() {
    for (Thread thread = LEFT.poll(); thread != null; thread = LEFT.poll()) {
      thread.interrupt();
      Uninterruptibles.joinUninterruptibly(thread);
    }
  }
}
