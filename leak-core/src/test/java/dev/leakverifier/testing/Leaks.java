package dev.leakverifier.testing;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The threads that sample tests leave behind, so that the test around them can end them. */
public final class Leaks {
  private static final Queue<BlockedThread> LEFT = new ConcurrentLinkedQueue<>();

  private Leaks() {}

  /** Starts a thread that nobody stops before {@link #endAll}. */
  public static BlockedThread leave(String name) {
    BlockedThread thread = BlockedThread.start(name);
    LEFT.add(thread);
    return thread;
  }

  public static void endAll() {
    for (BlockedThread thread = LEFT.poll(); thread != null; thread = LEFT.poll()) {
      thread.close();
    }
  }
}
