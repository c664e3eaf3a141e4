package dev.leakverifier.jvm;

import dev.leakverifier.thread.ThreadLock;
import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.lang.management.LockInfo;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.function.LongFunction;

/**
 * The threads of this JVM.
 *
 * <p>Listing walks the root thread group, which costs microseconds, and takes a thread dump only
 * where virtual threads have been made; stacks are read in one go, and only those that are asked
 * for. Neither calls a method that a thread's class could override.
 */
public final class LiveThreads implements ThreadSource {
  /** The threads of this JVM, of which nobody knows who started them. */
  public static final ThreadSource JVM = withOrigins(id -> Optional.empty());

  static final ThreadGroup ROOT = rootGroup();

  private static final MethodOverride IS_INTERRUPTED =
      new MethodOverride(Thread.class, "isInterrupted");
  private static final MethodOverride GET_STATE = new MethodOverride(Thread.class, "getState");
  private static final MethodOverride GET_STACK_TRACE =
      new MethodOverride(Thread.class, "getStackTrace");
  private static final MethodOverride GET_POOL =
      new MethodOverride(ForkJoinWorkerThread.class, "getPool");

  /** How many threads there may be, as the last listing tells. */
  private static volatile int roomForThreads = 64;

  private final VirtualThreads virtualThreads;
  private final LongFunction<Optional<ThreadOrigin>> origins;

  LiveThreads(VirtualThreads virtualThreads, LongFunction<Optional<ThreadOrigin>> origins) {
    this.virtualThreads = virtualThreads;
    this.origins = origins;
  }

  /**
   * The threads of this JVM.
   *
   * @param origins tells for a thread's id who started it; asked when a sample is asked
   */
  public static ThreadSource withOrigins(LongFunction<Optional<ThreadOrigin>> origins) {
    return new LiveThreads(VirtualThreads.ofJvm(), origins);
  }

  /** The id that the JVM gave {@code thread}. */
  public static long id(Thread thread) {
    return ThreadIds.of(thread);
  }

  @Override
  public ThreadListing list() {
    return new ThreadListing(enumerate(), virtualThreads.list());
  }

  @Override
  public ThreadListing listSince(VirtualListing earlier) {
    return new ThreadListing(enumerate(), virtualThreads.listSince(earlier));
  }

  @Override
  public ThreadSource platformOnly() {
    return new LiveThreads(VirtualThreads.none(), origins);
  }

  /** Every live platform thread; reads no stack. */
  public static Thread[] platformThreads() {
    Thread[] threads = enumerate();
    int count = threads.length;
    while (count > 0 && threads[count - 1] == null) {
      count--;
    }
    return Arrays.copyOf(threads, count);
  }

  /** Every live platform thread, then nulls: to count them first would cost as much again. */
  private static Thread[] enumerate() {
    Thread[] threads = new Thread[roomForThreads];
    int count = ROOT.enumerate(threads, /* recurse= */ true);
    while (count == threads.length) { // full: some may have been left out
      threads = new Thread[2 * threads.length];
      count = ROOT.enumerate(threads, /* recurse= */ true);
    }
    roomForThreads = count + count / 8 + 16;
    return threads;
  }

  @Override
  public Sampling sample(Collection<LiveThread> threads) {
    List<Thread> platform = new ArrayList<>(threads.size());
    Set<Long> virtual = new HashSet<>();
    for (LiveThread live : threads) { // a loop: mostly it runs cold, after a wait
      if (live.thread() == null) {
        virtual.add(live.id());
      } else {
        platform.add(live.thread());
      }
    }
    List<ThreadSample> samples = samplePlatform(platform, origins, /* withCpuTime= */ true);
    return virtual.isEmpty()
        ? new Sampling(samples, Optional.empty())
        : virtualThreads.sample(virtual).after(samples);
  }

  /**
   * Takes one thread dump where {@link #list} and {@link #sample} would take two, and leaves the
   * CPU times out, which are told of one thread at a time.
   */
  @Override
  public Sampling sampleAll() {
    List<Thread> platform = Arrays.asList(platformThreads());
    return virtualThreads
        .sampleAll()
        .after(samplePlatform(platform, origins, /* withCpuTime= */ false));
  }

  /** What platform threads look like of which nobody knows who started them. */
  public static List<ThreadSample> samplePlatform(List<Thread> threads) {
    return samplePlatform(threads, id -> Optional.empty(), /* withCpuTime= */ true);
  }

  private static List<ThreadSample> samplePlatform(
      List<Thread> threads, LongFunction<Optional<ThreadOrigin>> origins, boolean withCpuTime) {
    ThreadMXBean jvm = ThreadInfos.JVM;
    ThreadInfo[] infos = ThreadInfos.of(usableIds(threads)); // in the order of the usable ids
    boolean cpuTimeIsTold =
        withCpuTime && jvm.isThreadCpuTimeSupported() && jvm.isThreadCpuTimeEnabled();
    Stacks stacks = new Stacks();
    List<ThreadSample> samples = new ArrayList<>(threads.size());
    int next = 0;
    for (Thread thread : threads) {
      long id = LiveThreads.id(thread);
      if (id > 0) {
        ThreadInfo info = infos[next++];
        if (info != null) {
          samples.add(
              describe(thread, info.getThreadState())
                  .frames(stacks.plain(info.getStackTrace()))
                  .interrupted(isInterrupted(thread))
                  .cpuNanos(cpuTimeIsTold ? cpuNanos(jvm, id) : OptionalLong.empty())
                  .lock(lock(info))
                  .origin(() -> origins.apply(id))
                  .build());
        }
      } else if (thread.isAlive()) {
        samples.add(
            describe(thread, stateOf(thread))
                .frames(stacks.plain(stackOf(thread)))
                .origin(() -> origins.apply(id))
                .build());
      }
    }
    return Collections.unmodifiableList(samples);
  }

  /** What {@code thread} is, without what it does. */
  public static ThreadSample.Builder describe(Thread thread, Thread.State state) {
    long id = id(thread);
    ThreadGroup group = thread.getThreadGroup();
    return ThreadSample.builder(id, thread.getName(), state)
        .first(id > 0 && id < FirstHelper.ID)
        .daemon(thread.isDaemon())
        .groupName(group == null ? "" : group.getName())
        .threadClass(thread.getClass().getName())
        .commonPoolWorker(isCommonPoolWorker(thread));
  }

  private static long[] usableIds(List<Thread> threads) {
    long[] ids = new long[threads.size()];
    int count = 0;
    for (Thread thread : threads) {
      long id = LiveThreads.id(thread);
      if (id > 0) {
        ids[count++] = id;
      }
    }
    return Arrays.copyOf(ids, count);
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

  private static boolean isInterrupted(Thread thread) {
    return !IS_INTERRUPTED.isIn(thread) && thread.isInterrupted();
  }

  public static boolean isCommonPoolWorker(Thread thread) {
    return thread instanceof ForkJoinWorkerThread worker
        && !GET_POOL.isIn(worker)
        && worker.getPool() == ForkJoinPool.commonPool();
  }

  private static StackTraceElement[] stackOf(Thread thread) {
    return GET_STACK_TRACE.isIn(thread) ? new StackTraceElement[0] : thread.getStackTrace();
  }

  private static Thread.State stateOf(Thread thread) {
    return GET_STATE.isIn(thread) ? Thread.State.RUNNABLE : thread.getState();
  }

  private static ThreadGroup rootGroup() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }

  /** The JVM makes its first thread before any helper, and never gives an id again. */
  private static final class FirstHelper {
    static final long ID = find();

    private static long find() {
      for (Thread thread : platformThreads()) {
        if (thread.getClass().getName().equals("java.lang.ref.Reference$ReferenceHandler")) {
          return LiveThreads.id(thread);
        }
      }
      return 0;
    }
  }
}
