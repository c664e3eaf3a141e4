package dev.leakverifier.jvm;

/** Lists the live platform threads. */
final class PlatformThreads {
  static final ThreadGroup ROOT = rootGroup();

  /** How many threads there may be, as the last listing tells. */
  private static volatile int room = 64;

  private PlatformThreads() {}

  /** All of them, then nulls: to count them first would cost as much again. */
  static Thread[] list() {
    Thread[] threads = new Thread[room];
    int count = ROOT.enumerate(threads, /* recurse= */ true);
    while (count == threads.length) { // full: some may have been left out
      threads = new Thread[2 * threads.length];
      count = ROOT.enumerate(threads, /* recurse= */ true);
    }
    room = count + count / 8 + 16;
    return threads;
  }

  private static ThreadGroup rootGroup() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }
}
