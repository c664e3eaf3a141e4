package dev.leakverifier.testing;

import static com.google.common.collect.ImmutableSet.toImmutableSet;

import com.google.common.collect.ImmutableMap;
import com.google.common.util.concurrent.Uninterruptibles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Which of many tests leak, and how; the others start threads and pools, too, and end them. */
public final class LeakPlan {
  private static final Queue<Thread> THREADS = new ConcurrentLinkedQueue<>();
  private static final Queue<ExecutorService> POOLS = new ConcurrentLinkedQueue<>();
  private static volatile Map<String, Leak> leaks = ImmutableMap.of();

  private enum Leak {
    OWN_THREAD(true),
    OWN_POOL(true),
    OWN_FORK_JOIN_POOL(true),
    GRANDCHILD_AND_CHILD(true),
    GRANDCHILD(false),
    GRANDCHILD_STARTED_AFTER_THE_TEST(false),
    THREAD_OF_A_TASK(false);

    private final boolean startersLive;

    Leak(boolean startersLive) {
      this.startersLive = startersLive;
    }
  }

  private LeakPlan() {}

  /** Draws which of the {@code tests} leak from here on, in all ways. */
  public static void draw(long seed, int count, Set<String> tests) {
    draw(seed, count, tests, EnumSet.allOf(Leak.class));
  }

  /** Draws which of the {@code tests} leak from here on; what starts a leaked thread lives on. */
  public static void drawWithLiveStarters(long seed, int count, Set<String> tests) {
    draw(
        seed,
        count,
        tests,
        Arrays.stream(Leak.values()).filter(leak -> leak.startersLive).collect(toImmutableSet()));
  }

  private static void draw(long seed, int count, Set<String> tests, Set<Leak> ways) {
    List<Leak> kinds = List.copyOf(ways);
    List<String> drawn = new ArrayList<>(tests);
    Random random = new Random(seed);
    Collections.shuffle(drawn, random);
    ImmutableMap.Builder<String, Leak> plan = ImmutableMap.builder();
    for (int i = 0; i < count; i++) {
      plan.put(drawn.get(i), kinds.get(i % kinds.size()));
    }
    leaks = plan.buildOrThrow();
  }

  /** The tests that leak. */
  public static Set<String> leaking() {
    return leaks.keySet();
  }

  /** The body of the test with this name. */
  public static void run(String test) throws Exception {
    behave();
    Leak leak = leaks.get(test);
    if (leak != null) {
      leak(leak);
    }
    behave();
  }

  /** Ends what was leaked, and waits until it has ended. */
  public static void endAll() {
    for (ExecutorService pool = POOLS.poll(); pool != null; pool = POOLS.poll()) {
      pool.shutdownNow();
    }
    for (Thread thread = THREADS.poll(); thread != null; thread = THREADS.poll()) {
      thread.interrupt();
      Uninterruptibles.joinUninterruptibly(thread);
    }
  }

  /** Threads and pools as in any test; all have ended at the end. */
  private static void behave() throws Exception {
    int children = ThreadLocalRandom.current().nextInt(3);
    List<Thread> started = new ArrayList<>();
    for (int i = 0; i < children; i++) {
      Thread thread = new Thread(() -> pause(2), "brief");
      thread.start();
      started.add(thread);
    }
    ExecutorService pool = Executors.newFixedThreadPool(2);
    pool.submit(() -> pause(1)).get();
    CompletableFuture.supplyAsync(() -> IntStream.range(0, 99).parallel().sum()).get();
    pool.shutdown();
    for (Thread thread : started) {
      thread.join();
    }
  }

  private static void leak(Leak leak) throws Exception {
    switch (leak) {
      case OWN_THREAD -> leave(leak);
      case GRANDCHILD_AND_CHILD -> {
        CountDownLatch left = new CountDownLatch(1);
        Thread child =
            new Thread(
                () -> {
                  leave(leak);
                  block(left);
                },
                "child");
        THREADS.add(child);
        child.start();
        left.await();
      }
      case GRANDCHILD -> {
        Thread child = new Thread(() -> leave(leak), "child");
        child.start();
        child.join();
      }
      case GRANDCHILD_STARTED_AFTER_THE_TEST ->
          new Thread(
                  () -> {
                    pause(20);
                    leave(leak);
                  },
                  "child")
              .start();
      case OWN_POOL -> leave(Executors.newFixedThreadPool(1)).submit(() -> {}).get();
      case OWN_FORK_JOIN_POOL -> leave(new ForkJoinPool(1)).submit(() -> leave(leak)).get();
      case THREAD_OF_A_TASK -> {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        pool.submit(() -> leave(leak)).get();
        pool.shutdown();
      }
    }
  }

  private static ExecutorService leave(ExecutorService pool) {
    POOLS.add(pool);
    return pool;
  }

  /** Returns when the thread runs: if its starter ended before, it might not be recorded. */
  private static void leave(Leak leak) {
    CountDownLatch runs = new CountDownLatch(1);
    Thread thread = new Thread(() -> block(runs), "left " + leak);
    THREADS.add(thread);
    thread.start();
    Uninterruptibles.awaitUninterruptibly(runs);
  }

  private static void block(CountDownLatch runs) {
    runs.countDown();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** So that tests overlap in ever other ways; nothing is right only because of it. */
  private static void pause(int maxMillis) {
    Uninterruptibles.sleepUninterruptibly(
        ThreadLocalRandom.current().nextInt(maxMillis + 1), TimeUnit.MILLISECONDS);
  }
}
