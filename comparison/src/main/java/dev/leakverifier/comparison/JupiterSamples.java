package dev.leakverifier.comparison;

import com.carrotsearch.randomizedtesting.jupiter.DetectThreadLeaks;
import dev.leakverifier.jupiter.LeakVerifierExtension;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The programs as Jupiter tests, under each check. */
final class JupiterSamples {
  private JupiterSamples() {}

  abstract static class Each {
    @Test
    void forgetsAPool() throws Exception {
      Programs.forgetsAPool();
    }

    @Test
    void forgetsATimer() {
      Programs.forgetsATimer();
    }

    @Test
    void forgetsADaemon() {
      Programs.forgetsADaemon();
    }

    @Test
    void forgetsABusyLoop() {
      Programs.forgetsABusyLoop();
    }

    @Test
    void forgetsAForkJoinPool() throws Exception {
      Programs.forgetsAForkJoinPool();
    }

    @Test
    void forgetsAVirtualThread() throws Exception {
      Programs.forgetsAVirtualThread();
    }

    @Test
    void shutsDownButDoesNotWait() {
      Programs.shutsDownButDoesNotWait();
    }

    @Test
    void usesTheCommonPool() {
      Programs.usesTheCommonPool();
    }

    @Test
    void runsAProcess() throws Exception {
      Programs.runsAProcess();
    }

    @Test
    void usesVirtualThreads() throws Exception {
      Programs.usesVirtualThreads();
    }

    @Test
    void usesReactor() throws Exception {
      Programs.usesReactor();
    }

    @Test
    void dropsAnHttpClient() {
      Programs.dropsAnHttpClient();
    }

    @RepeatedTest(Costs.REPETITIONS)
    void doesNothing() {}
  }

  /** Two tests at a time, of which one leaks. */
  @Execution(ExecutionMode.CONCURRENT)
  abstract static class InParallel {
    private static final CyclicBarrier BOTH = new CyclicBarrier(2);

    @Test
    void forgetsAThread() throws Exception {
      Programs.forgetsWhileAnotherRuns(BOTH);
    }

    @Test
    void runsBesideIt() throws Exception {
      Programs.runsBesideALeak(BOTH);
    }
  }

  /** A pool of the class, which starts its workers in the tests, and is shut down in the end. */
  @SuppressWarnings("NullAway.Init")
  abstract static class SharesAPool {
    private static ExecutorService pool;

    @BeforeAll
    static void open() {
      pool = Executors.newFixedThreadPool(2);
    }

    @AfterAll
    static void close() {
      pool.shutdown();
    }

    @Test
    void sharesAPool() throws InterruptedException, ExecutionException {
      pool.submit(() -> {}).get();
    }
  }

  static class Unchecked extends Each {}

  @ExtendWith(LeakVerifierExtension.class)
  static class Verified extends Each {}

  @ExtendWith(LeakVerifierExtension.class)
  static class VerifiedInParallel extends InParallel {}

  @ExtendWith(LeakVerifierExtension.class)
  static class VerifiedShared extends SharesAPool {}

  @DetectThreadLeaks
  static class Detected extends Each {}

  @DetectThreadLeaks
  static class DetectedInParallel extends InParallel {}

  @DetectThreadLeaks
  static class DetectedShared extends SharesAPool {}

  @DetectThreadLeaks(scope = DetectThreadLeaks.Scope.TEST)
  @DetectThreadLeaks.LingerTime(millis = 1_000)
  static class Lingering extends Each {}

  @DetectThreadLeaks(scope = DetectThreadLeaks.Scope.TEST)
  @DetectThreadLeaks.LingerTime(millis = 1_000)
  static class LingeringInParallel extends InParallel {}

  @DetectThreadLeaks(scope = DetectThreadLeaks.Scope.TEST)
  @DetectThreadLeaks.LingerTime(millis = 1_000)
  static class LingeringShared extends SharesAPool {}

  @ExtendWith(ByHand.Once.class)
  static class Once extends Each {}

  @ExtendWith(ByHand.Once.class)
  static class OnceInParallel extends InParallel {}

  @ExtendWith(ByHand.Once.class)
  static class OnceShared extends SharesAPool {}

  @ExtendWith(ByHand.Waiting.class)
  static class Waiting extends Each {}

  @ExtendWith(ByHand.Waiting.class)
  static class WaitingInParallel extends InParallel {}

  @ExtendWith(ByHand.Waiting.class)
  static class WaitingShared extends SharesAPool {}
}
