package dev.leakverifier.jvm;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import org.jspecify.annotations.Nullable;

/**
 * The pool in which the virtual threads of this JVM run: a carrier, which is a platform thread,
 * knows it. It counts what it has run, so one that was started since shows without a look for it.
 */
final class VirtualScheduler {
  static final VirtualScheduler JVM = new VirtualScheduler();

  private static final String CARRIER = "jdk.internal.misc.CarrierThread";

  /** Null until a carrier was met. */
  private volatile @Nullable ForkJoinPool pool;

  /**
   * Grows each time when virtual threads have run, from when they were unparked or started until
   * none is left to run; negative where one runs, or is to, or no carrier was met so far.
   */
  long runs() {
    ForkJoinPool known = pool == null ? find() : pool;
    // In this order: a worker counts what it has run before it is idle.
    return known != null && known.isQuiescent() ? known.getStealCount() : -1;
  }

  private @Nullable ForkJoinPool find() {
    for (Thread thread : PlatformThreads.list()) {
      if (thread instanceof ForkJoinWorkerThread worker
          && worker.getClass().getName().equals(CARRIER)) {
        pool = worker.getPool();
      }
    }
    return pool;
  }
}
