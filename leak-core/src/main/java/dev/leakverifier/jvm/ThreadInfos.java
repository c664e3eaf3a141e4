package dev.leakverifier.jvm;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;

/** What the JVM's management tells of threads, one by one. */
final class ThreadInfos {
  /** Kept, since to look it up goes through all beans: as long as to read a stack. */
  static final ThreadMXBean JVM = ManagementFactory.getThreadMXBean();

  private ThreadInfos() {}

  /**
   * What the threads of these ids are doing, in their order; null for those that have ended. Costs
   * a safepoint.
   */
  static ThreadInfo[] of(long[] ids) {
    return JVM.getThreadInfo(ids, /* maxDepth= */ Integer.MAX_VALUE);
  }
}
