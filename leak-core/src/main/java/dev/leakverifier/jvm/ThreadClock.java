package dev.leakverifier.jvm;

/**
 * An instant, told by how many threads the JVM had made by then: it numbers those of either kind
 * from one counter, in the order in which they are made.
 *
 * @param lastId the id that was given last
 * @param virtualMade grows with every virtual thread that is made; grows, too, when a platform
 *     thread is made, until it is started, and for good where the JVM does not tell how many are
 * @param virtualRuns grows when virtual threads have run; negative where that is not known, as
 *     while one runs
 */
public record ThreadClock(long lastId, long virtualMade, long virtualRuns) {
  /** Before the JVM has counted. */
  static final ThreadClock START = new ThreadClock(0, Long.MIN_VALUE, -1);

  private static long ownProbes;

  /** Takes an id for itself, which is of no thread that ever runs. */
  static ThreadClock now() {
    long runs = VirtualScheduler.JVM.runs();
    synchronized (ThreadClock.class) {
      Thread probe =
          new Thread(
              null, () -> {}, "", /* stackSize= */ 0, /* inheritInheritableThreadLocals= */ false);
      long id = ThreadIds.of(probe);
      long made = id - ++ownProbes;
      // Asked last: what comes in between makes it too small, and so only seem to grow later.
      long started = ThreadInfos.areThere() ? ThreadInfos.startedThreads() : 0;
      return new ThreadClock(id, made - started, runs);
    }
  }

  /** Whether no virtual thread was started since {@code earlier}. */
  public boolean isQuietSince(ThreadClock earlier) {
    return virtualMade == earlier.virtualMade
        || (virtualRuns >= 0 && virtualRuns == earlier.virtualRuns);
  }
}
