package dev.leakverifier.comparison;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;

/** What the programs leave behind, so that no program meets what another one left. */
final class Left {
  private static final Queue<Runnable> ENDS = new ConcurrentLinkedQueue<>();

  private Left() {}

  static Thread thread(Thread thread) {
    ENDS.add(thread::interrupt);
    return thread;
  }

  static ExecutorService pool(ExecutorService pool) {
    ENDS.add(pool::shutdownNow);
    return pool;
  }

  static void atTheEnd(Runnable end) {
    ENDS.add(end);
  }

  static void end() {
    ENDS.forEach(Runnable::run);
    ENDS.clear();
  }
}
