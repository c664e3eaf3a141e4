package dev.leakverifier.jvm;

import static java.util.Comparator.comparingLong;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists the live platform threads, and waits for nobody who holds the monitor of a group.
 *
 * <p>What was listed is kept, and is all there is as long as the JVM has started no thread since,
 * as it counts them, or counts no more of them as alive than are known. Else a thread of our own
 * lists by groups; and where that one has to wait, {@code Thread.getAllStackTraces} is asked, which
 * enters no monitor, but reads each stack.
 */
final class CountedThreads {
  /** Those of this JVM. */
  static final CountedThreads JVM = new CountedThreads(new Live());

  private final Source source;
  private volatile Known last = new Known(-1, new Thread[0]);

  /** Waits for the monitor of a group, if one does. */
  private volatile @Nullable Listing stuck;

  CountedThreads(Source source) {
    this.source = source;
  }

  /** What a JVM tells of its platform threads. */
  interface Source {
    /** Whether the others, but for {@link #all}, are to be asked; once for each listing. */
    boolean counts();

    long started();

    int live();

    /** Those that are alive. Costs a safepoint that grows with every frame. */
    Thread[] all();

    /** The group of a thread that may list by groups; null if there can be none. */
    @Nullable ThreadGroup groupOfListings();

    /** Those that are alive; may end with nulls. May wait for who holds a group's monitor. */
    Thread[] byGroups();
  }

  /** All of them; may end with nulls. */
  Thread[] list() {
    if (!source.counts()) {
      return source.all();
    }
    long started = source.started();
    Known known = last;
    if (known.started != started) {
      int live = source.live();
      known = known.areAll(live) ? new Known(started, known.alive()) : lookAgain();
      last = known;
    }
    return known.alive();
  }

  private Known lookAgain() {
    Listing waiting = stuck;
    ThreadGroup group = waiting == null || waiting.hasEnded() ? source.groupOfListings() : null;
    if (group != null) {
      Listing listing = new Listing(group);
      if (listing.isDoneInTime()) {
        return listing.known;
      }
      stuck = listing;
    }
    return know(/* byGroups= */ false);
  }

  private Known know(boolean byGroups) {
    long started = source.started();
    int live = source.live();
    Thread[] threads = byGroups ? source.byGroups() : source.all();
    int count = threads.length;
    while (count > 0 && threads[count - 1] == null) {
      count--;
    }
    // A thread that attaches itself to the JVM is counted before it is told of.
    boolean complete = count == live && source.live() == live && source.started() == started;
    return new Known(complete ? started : -1, threads);
  }

  /** Lists by groups, for those who must not wait. */
  private final class Listing extends Bystander {
    private volatile Known known = last;

    Listing(ThreadGroup group) {
      super(group);
    }

    @Override
    void look() {
      known = know(/* byGroups= */ true);
    }
  }

  /** All threads that were alive when so many had been started; keeps none from being collected. */
  private static final class Known {
    private static final MethodOverride STATE = new MethodOverride(Thread.class, "getState");

    private final long started;
    private final List<WeakReference<Thread>> threads = new ArrayList<>();

    Known(long started, Thread[] threads) {
      this.started = started;
      for (Thread thread : threads) {
        if (thread != null && !(thread instanceof Bystander)) {
          this.threads.add(new WeakReference<>(thread));
        }
      }
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

    /**
     * Whether the {@code live} threads that the JVM counted a moment ago are none but these. A
     * thread that ends leaves its group, is then no longer counted, and after that no longer alive:
     * that last step waits for who holds its monitor.
     */
    boolean areAll(int live) {
      int counted = 0;
      for (WeakReference<Thread> reference : threads) {
        Thread thread = reference.get();
        if (thread != null && !STATE.isIn(thread) && thread.getThreadGroup() != null) {
          counted++;
        }
      }
      return started >= 0 && counted == live;
    }
  }

  private static final class Live implements Source {
    private static final MethodOverride HASH_CODE = new MethodOverride(Object.class, "hashCode");
    private static final MethodOverride CONTEXT_CLASS_LOADER =
        new MethodOverride(Thread.class, "getContextClassLoader");

    private volatile @Nullable ThreadGroup group;

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

    /** The JDK asks each thread for its hash code, which may be user code. */
    @Override
    public Thread[] all() {
      Thread[] threads;
      try {
        threads = Thread.getAllStackTraces().keySet().toArray(new Thread[0]);
      } catch (RuntimeException | Error e) {
        return byGroups();
      }
      for (Thread thread : threads) {
        if (HASH_CODE.isIn(thread)) {
          return byGroups(); // one that is equal may be missing
        }
      }
      Arrays.sort(threads, comparingLong(ThreadIds::of));
      return threads;
    }

    /** A group of our own, which is not made while somebody holds the one that it is in. */
    @Override
    public @Nullable ThreadGroup groupOfListings() {
      ThreadGroup group = this.group;
      if (group == null && !ThreadInfos.isHeld(GroupedThreads.ROOT)) {
        group = new ThreadGroup(GroupedThreads.ROOT, "LeakVerifier");
        this.group = group;
      }
      // To make a thread asks its maker for this.
      return CONTEXT_CLASS_LOADER.isIn(Thread.currentThread()) ? null : group;
    }

    @Override
    public Thread[] byGroups() {
      return GroupedThreads.list();
    }
  }
}
