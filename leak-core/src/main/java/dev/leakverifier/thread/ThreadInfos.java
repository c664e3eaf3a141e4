package dev.leakverifier.thread;

import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;

/** What the JVM's management tells of threads, one by one. */
public final class ThreadInfos {
  /** Kept, since to look it up goes through all beans: as long as to read a stack. */
  static final ThreadMXBean JVM = ManagementFactory.getThreadMXBean();

  private ThreadInfos() {}

  /** Whether {@code thread} is in the monitor of its own object, or that cannot be told. */
  public static boolean holdsItsOwnMonitor(Thread thread) {
    long id = LiveThreads.id(thread);
    if (id <= 0) {
      return true; // unknown
    }
    ThreadInfo[] infos =
        JVM.getThreadInfo(
            new long[] {id}, /* lockedMonitors= */ true, /* lockedSynchronizers= */ false);
    if (infos[0] != null) {
      int own = System.identityHashCode(thread);
      for (MonitorInfo monitor : infos[0].getLockedMonitors()) { // a loop, since it runs cold
        if (monitor.getIdentityHashCode() == own) {
          return true;
        }
      }
    }
    return false;
  }
}
