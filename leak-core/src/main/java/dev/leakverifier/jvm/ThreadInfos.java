package dev.leakverifier.jvm;

import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;

/** What the JVM's management tells of threads, one by one. */
public final class ThreadInfos {
  /** Kept, since to look it up goes through all beans: as long as to read a stack. */
  static final ThreadMXBean JVM = ManagementFactory.getThreadMXBean();

  private ThreadInfos() {}

  /**
   * What the threads of these ids are doing, in their order; null for those that have ended. Costs
   * a safepoint.
   *
   * @param withMonitors whether {@link #holdsItsOwnMonitor(Thread, ThreadInfo)} may be asked
   */
  static ThreadInfo[] of(long[] ids, boolean withMonitors) {
    return JVM.getThreadInfo(
        ids, withMonitors, /* lockedSynchronizers= */ false, /* maxDepth= */ Integer.MAX_VALUE);
  }

  /** Whether {@code thread} is in the monitor of its own object, or that cannot be told. */
  public static boolean holdsItsOwnMonitor(Thread thread) {
    long id = LiveThreads.id(thread);
    if (id <= 0) {
      return true; // unknown
    }
    ThreadInfo info = of(new long[] {id}, /* withMonitors= */ true)[0];
    return info != null && holdsItsOwnMonitor(thread, info);
  }

  static boolean holdsItsOwnMonitor(Thread thread, ThreadInfo info) {
    int own = System.identityHashCode(thread);
    for (MonitorInfo monitor : info.getLockedMonitors()) { // a loop, since it runs cold
      if (monitor.getIdentityHashCode() == own) {
        return true;
      }
    }
    return false;
  }
}
