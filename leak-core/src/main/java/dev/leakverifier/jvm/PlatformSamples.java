package dev.leakverifier.jvm;

import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What platform threads look like. Calls no method that a thread's class overrides.
 *
 * <p>The JVM's management tells most, and of all threads at one instant. It knows no thread without
 * a usable id, and may be missing: what such a thread does is asked of the thread.
 */
final class PlatformSamples {
  private static final MethodOverride IS_INTERRUPTED =
      new MethodOverride(Thread.class, "isInterrupted");
  private static final MethodOverride GET_STATE = new MethodOverride(Thread.class, "getState");
  private static final MethodOverride GET_STACK_TRACE =
      new MethodOverride(Thread.class, "getStackTrace");
  private static final MethodOverride GET_POOL =
      new MethodOverride(ForkJoinWorkerThread.class, "getPool");

  private PlatformSamples() {}

  /** Samples of those {@code threads} that have not ended. */
  static List<ThreadSample> of(
      List<Thread> threads, LongFunction<Optional<ThreadOrigin>> origins, boolean withCpuTime) {
    Stacks stacks = new Stacks();
    List<Thread> told = new ArrayList<>(threads.size());
    for (Thread thread : threads) {
      if (isTold(thread)) {
        told.add(thread);
      }
    }
    Map<Long, ThreadSample.Builder> infos =
        told.isEmpty()
            ? Map.of()
            : ThreadInfos.describe(told, PlatformSamples::describe, stacks, withCpuTime);
    List<ThreadSample> samples = new ArrayList<>(threads.size());
    for (Thread thread : threads) {
      long id = ThreadIds.of(thread);
      ThreadSample.Builder sample =
          isTold(thread) ? infos.get(id) : describeAsItTells(thread, stacks);
      if (sample != null) {
        samples.add(sample.origin(() -> origins.apply(id)).build());
      }
    }
    return Collections.unmodifiableList(samples);
  }

  /** What {@code thread} is, without what it does. */
  static ThreadSample.Builder describe(Thread thread, Thread.State state) {
    long id = ThreadIds.of(thread);
    ThreadGroup group = thread.getThreadGroup();
    return ThreadSample.builder(id, thread.getName(), state)
        .first(id > 0 && id < FirstHelper.ID)
        .daemon(thread.isDaemon())
        .groupName(group == null ? "" : group.getName())
        .threadClass(thread.getClass().getName())
        .commonPoolWorker(isCommonPoolWorker(thread))
        .interrupted(!IS_INTERRUPTED.isIn(thread) && thread.isInterrupted());
  }

  static boolean isCommonPoolWorker(Thread thread) {
    return thread instanceof ForkJoinWorkerThread worker
        && !GET_POOL.isIn(worker)
        && worker.getPool() == ForkJoinPool.commonPool();
  }

  private static boolean isTold(Thread thread) {
    return ThreadInfos.areThere() && ThreadIds.of(thread) > 0;
  }

  private static ThreadSample.@Nullable Builder describeAsItTells(Thread thread, Stacks stacks) {
    if (!thread.isAlive()) {
      return null;
    }
    Thread.State state = GET_STATE.isIn(thread) ? Thread.State.RUNNABLE : thread.getState();
    StackTraceElement[] stack =
        GET_STACK_TRACE.isIn(thread) ? new StackTraceElement[0] : thread.getStackTrace();
    return describe(thread, state).frames(stacks.plain(stack));
  }

  /** The JVM makes its first thread before any helper, and never gives an id again. */
  private static final class FirstHelper {
    static final long ID = find();

    private static long find() {
      for (Thread thread : PlatformThreads.list()) {
        if (thread == null) {
          break;
        }
        if (thread.getClass().getName().equals("java.lang.ref.Reference$ReferenceHandler")) {
          return ThreadIds.of(thread);
        }
      }
      return 0;
    }
  }
}
