package dev.leakverifier.jvm;

import com.google.common.util.concurrent.Uninterruptibles;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads the counter from which the JVM numbers its threads of either kind: a thread with a smaller
 * id was made before, one with a larger id after.
 *
 * <p>To read it takes an id away: that of a thread which is never started.
 */
public final class ThreadProbe {
  /** One of its own: JDK 17 counts the threads of a group that were never started. */
  private static final ThreadGroup GROUP = new ThreadGroup(PlatformThreads.ROOT, "LeakVerifier");

  private static final MethodOverride GET_CONTEXT_CLASS_LOADER =
      new MethodOverride(Thread.class, "getContextClassLoader");

  /** Since JDK 19 a thread that inherits nothing does not ask its maker. */
  private static final boolean ASKS_THE_MAKER = Runtime.version().feature() < 19;

  private static final AtomicLong TAKEN = new AtomicLong();

  private ThreadProbe() {}

  /** Takes the next id. */
  public static long take() {
    TAKEN.incrementAndGet(); // first: what ThreadCount tells may be too small for a moment, never
    // too large
    return new Thread(GROUP, null, "", /* stackSize= */ 0, /* inheritThreadLocals= */ false)
        .getId();
  }

  /**
   * Whether {@link #take} would call a method of this thread's class, and so code of the user's.
   */
  public static boolean callsMethodOf(Thread thread) {
    return ASKS_THE_MAKER && GET_CONTEXT_CLASS_LOADER.isIn(thread);
  }

  /** Runs {@code action} on a thread that inherits nothing, and waits until it has ended. */
  public static void runOnThread(Runnable action) {
    Thread thread = new Thread(GROUP, action, "LeakVerifier", 0, /* inheritThreadLocals= */ false);
    thread.setDaemon(true);
    thread.start();
    Uninterruptibles.joinUninterruptibly(thread);
  }

  /** How many were taken. */
  static long taken() {
    return TAKEN.get();
  }
}
