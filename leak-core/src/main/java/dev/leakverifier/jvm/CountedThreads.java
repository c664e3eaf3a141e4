package dev.leakverifier.jvm;

import static java.util.Comparator.comparingLong;

import dev.leakverifier.host.Guard;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Lists the live platform threads without their groups.
 *
 * <p>{@code Thread.getAllStackTraces} enters no monitor, but reads each stack. So what it has told
 * is kept, and is all there is as long as the JVM has started no thread since, as it counts them;
 * or none that is still alive, as their ids tell.
 */
final class CountedThreads {
  /** Those of this JVM. */
  static final CountedThreads JVM = new CountedThreads(new Live());

  private final Source source;
  private volatile Known last = new Known(-1, new Thread[0]);

  CountedThreads(Source source) {
    this.source = source;
  }

  /** What a JVM tells of its platform threads. */
  interface Source {
    /** Whether the others, but for {@link #all}, are to be asked; once for each listing. */
    boolean counts();

    long started();

    int live();

    /** The ids that the JVM has given to those that are alive. Costs a safepoint. */
    long[] liveIds();

    /** Those that are alive. Costs a safepoint that grows with every frame. */
    Thread[] all();
  }

  /** All of them; may end with nulls. */
  Thread[] list() {
    if (!source.counts()) {
      return source.all();
    }
    long started = source.started();
    Known known = last;
    if (known.started != started) {
      known = lookAgain(known, started);
      last = known;
    }
    return known.alive();
  }

  private Known lookAgain(Known known, long started) {
    int live = source.live();
    long[] ids = source.liveIds();
    Thread[] threads = known.hasAll(ids) ? known.withIds(ids) : source.all();
    // A thread that attaches itself to the JVM is counted before it is told of.
    boolean complete =
        threads.length == live && source.live() == live && source.started() == started;
    return new Known(complete ? started : -1, threads);
  }

  /** All threads that were alive when so many had been started; keeps none from being collected. */
  private static final class Known {
    private final long started;
    private final List<WeakReference<Thread>> threads;
    private final long[] sortedIds;

    Known(long started, Thread[] threads) {
      this.started = started;
      this.threads = Arrays.stream(threads).map(WeakReference::new).toList();
      this.sortedIds = Arrays.stream(threads).mapToLong(ThreadIds::of).sorted().toArray();
    }

    /** Then nulls. */
    Thread[] alive() {
      Thread[] alive = new Thread[threads.size()];
      int count = 0;
      for (WeakReference<Thread> reference : threads) {
        Thread thread = reference.get();
        if (thread != null && thread.isAlive()) {
          alive[count++] = thread;
        }
      }
      return alive;
    }

    boolean hasAll(long[] ids) {
      return Arrays.stream(ids).allMatch(id -> Arrays.binarySearch(sortedIds, id) >= 0);
    }

    Thread[] withIds(long[] ids) {
      long[] sorted = ids.clone();
      Arrays.sort(sorted);
      return threads.stream()
          .map(WeakReference::get)
          .filter(
              thread -> thread != null && Arrays.binarySearch(sorted, ThreadIds.of(thread)) >= 0)
          .toArray(Thread[]::new);
    }
  }

  private static final class Live implements Source {
    private static final MethodOverride HASH_CODE = new MethodOverride(Object.class, "hashCode");

    @Override
    public boolean counts() {
      return ThreadInfos.areWorthwhile();
    }

    @Override
    public long started() {
      return ThreadInfos.startedThreads();
    }

    @Override
    public int live() {
      return ThreadInfos.liveThreads();
    }

    @Override
    public long[] liveIds() {
      return ThreadInfos.liveIds();
    }

    /** The JDK asks each thread for its hash code, which may be user code. */
    @Override
    public Thread[] all() {
      return Guard.make("a listing without groups", Live::read, withoutIt -> byGroups());
    }

    private static Thread[] read() {
      Thread[] threads = Thread.getAllStackTraces().keySet().toArray(new Thread[0]);
      for (Thread thread : threads) {
        if (HASH_CODE.isIn(thread)) {
          return byGroups(); // one that is equal may be missing
        }
      }
      Arrays.sort(threads, comparingLong(ThreadIds::of));
      return threads;
    }

    private static Thread[] byGroups() {
      return Arrays.stream(GroupedThreads.list()).filter(Objects::nonNull).toArray(Thread[]::new);
    }
  }
}
