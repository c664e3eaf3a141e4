package dev.leakverifier.jvm;

/**
 * Lists the live platform threads by their groups; before JDK 19 that enters monitors of theirs.
 */
final class GroupedThreads {
  /** The group that all others are in. */
  static final ThreadGroup ROOT = rootGroup();

  /** How many threads there may be, as the last listing tells. */
  private static volatile int room = 64;

  private GroupedThreads() {}

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
