package dev.leakverifier.thread;

/**
 * How many threads the JVM has made, of either kind: it numbers them all from one counter, when
 * they are made and not when they start.
 */
final class ThreadCount {
  private static long ownProbes;

  private ThreadCount() {}

  /** Grows with every thread that is made, except by this very call. */
  static synchronized long now() {
    Thread probe =
        new Thread(
            null, () -> {}, "", /* stackSize= */ 0, /* inheritInheritableThreadLocals= */ false);
    return LiveThreads.id(probe) - ++ownProbes;
  }
}
