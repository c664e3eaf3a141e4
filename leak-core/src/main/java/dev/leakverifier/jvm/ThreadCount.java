package dev.leakverifier.jvm;

/**
 * How many virtual threads the JVM has made, as far as can be told without a thread dump.
 *
 * <p>The JVM numbers threads of either kind from one counter when they are made, and counts the
 * platform threads that are started. What is left are virtual threads, and threads that nobody has
 * started.
 */
final class ThreadCount {
  private static long ownProbes;

  private ThreadCount() {}

  /**
   * Grows with every virtual thread that is made; grows, too, when a platform thread is made, until
   * it is started, and for good where the JVM does not tell how many are.
   */
  static synchronized long now() {
    Thread probe =
        new Thread(
            null, () -> {}, "", /* stackSize= */ 0, /* inheritInheritableThreadLocals= */ false);
    long made = ThreadIds.of(probe) - ++ownProbes;
    // Asked last: what comes in between makes the result too small, and so only seem to grow later.
    return made - (ThreadInfos.areThere() ? ThreadInfos.startedThreads() : 0);
  }
}
