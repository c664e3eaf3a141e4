package dev.leakverifier.comparison;

import com.carrotsearch.randomizedtesting.RandomizedRunner;
import com.carrotsearch.randomizedtesting.annotations.ThreadLeakLingering;
import com.carrotsearch.randomizedtesting.annotations.ThreadLeakScope;
import com.carrotsearch.randomizedtesting.annotations.ThreadLeakZombies;
import dev.leakverifier.junit4.LeakVerifierRule;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;

/** The programs as JUnit 4 tests, under each check. */
@SuppressWarnings("deprecation") // of ThreadLeakZombies.CONTINUE there is no newer form
public final class JUnit4Samples {
  private JUnit4Samples() {}

  public abstract static class Each {
    @Test
    public void forgetsAPool() throws Exception {
      Programs.forgetsAPool();
    }

    @Test
    public void forgetsATimer() {
      Programs.forgetsATimer();
    }

    @Test
    public void forgetsADaemon() {
      Programs.forgetsADaemon();
    }

    @Test
    public void forgetsABusyLoop() {
      Programs.forgetsABusyLoop();
    }

    @Test
    public void forgetsAForkJoinPool() throws Exception {
      Programs.forgetsAForkJoinPool();
    }

    @Test
    public void forgetsAVirtualThread() throws Exception {
      Programs.forgetsAVirtualThread();
    }

    @Test
    public void shutsDownButDoesNotWait() {
      Programs.shutsDownButDoesNotWait();
    }

    @Test
    public void usesTheCommonPool() {
      Programs.usesTheCommonPool();
    }

    @Test
    public void runsAProcess() throws Exception {
      Programs.runsAProcess();
    }

    @Test
    public void usesVirtualThreads() throws Exception {
      Programs.usesVirtualThreads();
    }

    @Test
    public void usesReactor() throws Exception {
      Programs.usesReactor();
    }

    @Test
    public void dropsAnHttpClient() {
      Programs.dropsAnHttpClient();
    }
  }

  /** A pool of the class, which starts its workers in the tests, and is shut down in the end. */
  @SuppressWarnings("NullAway.Init")
  public abstract static class SharesAPool {
    private static ExecutorService pool;

    @BeforeClass
    public static void open() {
      pool = Executors.newFixedThreadPool(2);
    }

    @AfterClass
    public static void close() {
      pool.shutdown();
    }

    @Test
    public void sharesAPool() throws InterruptedException, ExecutionException {
      pool.submit(() -> {}).get();
    }
  }

  public static class WithRule extends Each {
    @Rule(order = Integer.MIN_VALUE)
    public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();
  }

  public static class WithRuleShared extends SharesAPool {
    @Rule(order = Integer.MIN_VALUE)
    public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();
  }

  public static class WithClassRule extends Each {
    @ClassRule(order = Integer.MIN_VALUE)
    public static final LeakVerifierRule LEAKS = LeakVerifierRule.verifyNone();
  }

  public static class WithClassRuleShared extends SharesAPool {
    @ClassRule(order = Integer.MIN_VALUE)
    public static final LeakVerifierRule LEAKS = LeakVerifierRule.verifyNone();
  }

  @RunWith(RandomizedRunner.class)
  @ThreadLeakZombies(ThreadLeakZombies.Consequence.CONTINUE) // else it runs no more tests
  public static class Randomized extends Each {}

  @RunWith(RandomizedRunner.class)
  @ThreadLeakZombies(ThreadLeakZombies.Consequence.CONTINUE) // else it runs no more tests
  public static class RandomizedShared extends SharesAPool {}

  @RunWith(RandomizedRunner.class)
  @ThreadLeakZombies(ThreadLeakZombies.Consequence.CONTINUE) // else it runs no more tests
  @ThreadLeakScope(ThreadLeakScope.Scope.TEST)
  @ThreadLeakLingering(linger = 1_000)
  public static class Lingering extends Each {}

  @RunWith(RandomizedRunner.class)
  @ThreadLeakZombies(ThreadLeakZombies.Consequence.CONTINUE) // else it runs no more tests
  @ThreadLeakScope(ThreadLeakScope.Scope.TEST)
  @ThreadLeakLingering(linger = 1_000)
  public static class LingeringShared extends SharesAPool {}
}
