package dev.leakverifier.monitor;

import static java.util.Comparator.comparingLong;

import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.jvm.ThreadSource;
import dev.leakverifier.jvm.VirtualListing;
import dev.leakverifier.testing.FakeTime;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A JVM whose threads a test makes and ends; none of them ever runs. Counts what is read. */
final class FakeThreads implements ThreadSource {
  static final String[] AWAIT_ORDER = {
    "java.base/jdk.internal.misc.Unsafe.park",
    "java.base/java.util.concurrent.locks.LockSupport.park:211",
    "java.base/java.util.concurrent.CountDownLatch.await:230",
    "com.acme.Orders.await:31",
    "com.acme.Orders.run:24",
    "java.base/java.lang.Thread.run:840"
  };
  static final String[] IDLE_IN_POOL = {
    "java.base/jdk.internal.misc.Unsafe.park",
    "java.base/java.util.concurrent.locks.LockSupport.park:211",
    "java.base/java.util.concurrent.LinkedBlockingQueue.take:435",
    "java.base/java.util.concurrent.ThreadPoolExecutor.getTask:1062",
    "java.base/java.util.concurrent.ThreadPoolExecutor.runWorker:1122",
    "java.base/java.util.concurrent.ThreadPoolExecutor$Worker.run:635",
    "java.base/java.lang.Thread.run:840"
  };

  private final FakeTime time;

  /** Other threads may look while a test makes some. */
  private final Map<Thread, String[]> platform =
      new ConcurrentSkipListMap<>(comparingLong(LiveThreads::id));

  private final TreeMap<Long, String> virtual = new TreeMap<>();
  private long virtualMade;
  long nanosPerDump;
  Optional<ThreadOrigin> origin = Optional.empty();
  Optional<RuntimeException> failure = Optional.empty();

  /** How many stacks were read at each time. */
  final List<Integer> stacksRead = new ArrayList<>();

  int dumps;

  FakeThreads(FakeTime time) {
    this.time = time;
  }

  Thread add(String name, String... frames) {
    Thread thread = new Thread(name);
    add(thread, frames);
    return thread;
  }

  void add(Thread thread, String... frames) {
    platform.put(thread, frames);
  }

  void add(int count, String prefix, String... frames) {
    for (int i = 0; i < count; i++) {
      add(prefix + i, frames);
    }
  }

  void end(Thread thread) {
    platform.remove(thread);
  }

  /** Ends the {@code count} oldest whose names begin so. */
  void end(int count, String prefix) {
    platform.keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .limit(count)
        .toList()
        .forEach(this::end);
  }

  void addVirtual(int count, String name) {
    for (int i = 0; i < count; i++) {
      virtual.put(LiveThreads.id(new Thread()), name); // an id that is not given again
      virtualMade++;
    }
  }

  void endVirtual() {
    virtual.clear();
  }

  @Override
  public ThreadListing list() {
    dump();
    return listing(
        Samples.virtualListing(
            virtualMade, virtual.keySet().stream().mapToLong(id -> id).toArray()));
  }

  @Override
  public ThreadListing listSince(VirtualListing earlier) {
    return virtualMade == 0 || (earlier.ids().isEmpty() && virtual.isEmpty())
        ? listing(earlier)
        : list();
  }

  private ThreadListing listing(VirtualListing virtualThreads) {
    failure.ifPresent(
        e -> {
          throw e;
        });
    return new ThreadListing(platform.keySet().toArray(Thread[]::new), virtualThreads);
  }

  private void dump() {
    if (virtualMade > 0) {
      dumps++;
      time.slip(nanosPerDump);
    }
  }

  @Override
  public ThreadSource platformOnly() {
    return new ThreadSource() {
      @Override
      public ThreadListing list() {
        return listing(VirtualListing.NONE);
      }

      @Override
      public Sampling sample(Collection<LiveThread> threads) {
        return FakeThreads.this.sample(threads);
      }
    };
  }

  @Override
  public Sampling sample(Collection<LiveThread> threads) {
    stacksRead.add(threads.size());
    if (threads.stream().anyMatch(live -> live.thread() == null)) {
      dump();
    }
    return new Sampling(
        threads.stream().flatMap(live -> look(live).stream()).toList(), Optional.empty());
  }

  private Optional<ThreadSample> look(LiveThread live) {
    Thread thread = live.thread();
    return thread == null
        ? Optional.ofNullable(virtual.get(live.id()))
            .map(name -> Samples.virtual(live.id(), name, "", Thread.State.WAITING, AWAIT_ORDER))
        : Optional.ofNullable(platform.get(thread))
            .map(frames -> Samples.of(thread, origin, Thread.State.WAITING, frames));
  }
}
