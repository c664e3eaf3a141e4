package dev.leakverifier.jupiter;

import dev.leakverifier.testing.Leaks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Four tests for one worker of JUnit's. The first waits for tasks of a pool of its own. For the
 * first wait, JUnit's pool makes another worker, which takes the other class, and runs the second
 * test there; in the next wait, the first worker helps that one, and runs the third test on top of
 * the first.
 */
final class HelpingSamples {
  private static final List<Run> RUNS = Collections.synchronizedList(new ArrayList<>());
  private static CountDownLatch secondRuns = new CountDownLatch(1);
  private static CountDownLatch thirdRuns = new CountDownLatch(1);
  private static CountDownLatch poolHasLeaked = new CountDownLatch(1);

  private HelpingSamples() {}

  /** A test, and the thread that runs it. */
  record Run(String test, Thread thread) {}

  /** In the order in which they began. */
  static List<Run> runs() {
    return List.copyOf(RUNS);
  }

  static void reset() {
    RUNS.clear();
    secondRuns = new CountDownLatch(1);
    thirdRuns = new CountDownLatch(1);
    poolHasLeaked = new CountDownLatch(1);
  }

  private static void run(String test) throws Exception {
    Run run = new Run(test, Thread.currentThread());
    RUNS.add(run);
    switch (RUNS.indexOf(run)) {
      case 0 -> {
        Leaks.leave("left-by-first-before");
        ForkJoinPool pool = new ForkJoinPool(1);
        pool.submit(() -> await(secondRuns)).get();
        pool.submit(HelpingSamples::leakWhileThirdRuns).get();
        pool.shutdown();
        Leaks.leave("left-by-first-after");
      }
      case 1 -> {
        secondRuns.countDown();
        await(poolHasLeaked);
      }
      case 2 -> {
        thirdRuns.countDown();
        await(poolHasLeaked);
        Leaks.leave("left-by-third");
      }
      default -> {}
    }
  }

  private static void leakWhileThirdRuns() {
    await(thirdRuns);
    Leaks.leave("left-by-pool-of-first");
    poolHasLeaked.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(1, TimeUnit.MINUTES)) {
        throw new AssertionError("nobody else runs: " + RUNS);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static class One extends Tests {}

  static class Other extends Tests {}

  @ExtendWith(LeakVerifierExtension.class)
  abstract static class Tests {
    Tests() {
      if (thirdRuns.getCount() == 1 && secondRuns.getCount() == 0) {
        Leaks.leave("left-by-constructor");
      }
    }

    @Test
    void x() throws Exception {
      run(getClass().getSimpleName() + ".x");
    }

    @Test
    void y() throws Exception {
      run(getClass().getSimpleName() + ".y");
    }
  }

  /** Has JUnit's pool make a worker that has nothing to do. */
  @ExtendWith(LeakVerifierExtension.class)
  static class Alone {
    @Test
    void waits() throws Exception {
      ForkJoinPool pool = new ForkJoinPool(1);
      Thread runner = Thread.currentThread();
      pool.submit(() -> awaitOtherWorker(runner)).get();
      pool.shutdown();
    }

    private static void awaitOtherWorker(Thread runner) {
      long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      while (Thread.getAllStackTraces().keySet().stream()
          .noneMatch(thread -> thread != runner && thread.getClass() == runner.getClass())) {
        if (System.nanoTime() - deadline > 0) {
          throw new AssertionError("JUnit's pool makes no other worker");
        }
      }
    }
  }
}
