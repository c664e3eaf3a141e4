package dev.leakverifier.jvm;

import dev.leakverifier.host.RuntimeModules;
import dev.leakverifier.thread.ThreadLock;
import dev.leakverifier.thread.ThreadSample;
import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/**
 * What the JVM's management tells of threads. A Java runtime need not have it: then nothing here
 * but {@link #GAP} may be asked.
 */
final class ThreadInfos {
  /** What is missing where the JVM has no management, in a line. */
  static final Optional<String> GAP =
      RuntimeModules.has("java.management")
          ? Optional.empty()
          : Optional.of(
              "which locks threads wait for, who holds them, and what CPU time threads take: this"
                  + " Java runtime lacks the module java.management");

  /** To load the JVM's management costs as much as some ten listings that do without. */
  private static final int LISTINGS_WITHOUT = 10;

  private static final AtomicInteger LISTINGS = new AtomicInteger();

  private ThreadInfos() {}

  /** Kept, since to look it up goes through all beans: as long as to read a stack. */
  private static final class Bean {
    static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  }

  static boolean areThere() {
    return GAP.isEmpty();
  }

  /** Whether a listing should ask for counts; to be asked once for each listing. */
  static boolean areWorthwhile() {
    return areThere()
        && (LISTINGS.get() >= LISTINGS_WITHOUT || LISTINGS.incrementAndGet() >= LISTINGS_WITHOUT);
  }

  /** How many platform threads are alive. */
  static int liveThreads() {
    return Bean.THREADS.getThreadCount();
  }

  /**
   * Whether a thread is in the monitor of {@code object}, as far as can be told: the JDK asks each
   * thread for its id, which may be user code. Costs a safepoint, and all stacks.
   */
  static boolean isHeld(Object object) {
    int hash = System.identityHashCode(object);
    try {
      for (ThreadInfo thread :
          Bean.THREADS.dumpAllThreads(
              /* lockedMonitors= */ true, /* lockedSynchronizers= */ false)) {
        for (MonitorInfo monitor : thread.getLockedMonitors()) {
          if (monitor.getIdentityHashCode() == hash) {
            return true;
          }
        }
      }
      return false;
    } catch (RuntimeException | Error e) {
      return true;
    }
  }

  /** How many platform threads this JVM has started. */
  static long startedThreads() {
    return Bean.THREADS.getTotalStartedThreadCount();
  }

  /**
   * What those of {@code threads} look like that have not ended, by id. Costs a safepoint.
   *
   * @param threads have the ids that the JVM gave them
   * @param describe what a thread in that state is
   */
  static Map<Long, ThreadSample.Builder> describe(
      List<Thread> threads,
      BiFunction<Thread, Thread.State, ThreadSample.Builder> describe,
      Stacks stacks,
      boolean withCpuTime) {
    ThreadMXBean jvm = Bean.THREADS;
    long[] ids = new long[threads.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = ThreadIds.of(threads.get(i));
    }
    ThreadInfo[] infos = jvm.getThreadInfo(ids, /* maxDepth= */ Integer.MAX_VALUE);
    boolean cpuTimeIsTold =
        withCpuTime && jvm.isThreadCpuTimeSupported() && jvm.isThreadCpuTimeEnabled();
    Map<Long, ThreadSample.Builder> alive = new HashMap<>();
    for (int i = 0; i < ids.length; i++) {
      ThreadInfo info = infos[i];
      if (info != null) {
        alive.put(
            ids[i],
            describe
                .apply(threads.get(i), info.getThreadState())
                .frames(stacks.plain(info.getStackTrace()))
                .cpuNanos(cpuTimeIsTold ? cpuNanos(jvm, ids[i]) : OptionalLong.empty())
                .lock(lock(info)));
      }
    }
    return alive;
  }

  private static Optional<ThreadLock> lock(ThreadInfo info) {
    LockInfo lock = info.getLockInfo();
    long owner = info.getLockOwnerId();
    return lock == null
        ? Optional.empty()
        : Optional.of(
            ThreadLock.of(
                lock.getClassName(),
                lock.getIdentityHashCode(),
                owner < 0 ? OptionalLong.empty() : OptionalLong.of(owner)));
  }

  private static OptionalLong cpuNanos(ThreadMXBean jvm, long id) {
    long nanos = jvm.getThreadCpuTime(id);
    return nanos < 0 ? OptionalLong.empty() : OptionalLong.of(nanos);
  }
}
