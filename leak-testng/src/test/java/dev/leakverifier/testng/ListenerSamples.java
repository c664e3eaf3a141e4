package dev.leakverifier.testng;

import dev.leakverifier.IgnoreLeaks;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.Leaks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.testng.IRetryAnalyzer;
import org.testng.ITestResult;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.AfterSuite;
import org.testng.annotations.AfterTest;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Listeners;
import org.testng.annotations.Parameters;
import org.testng.annotations.Test;

/** Tests that leak, and tests that do not. Run by other tests only. */
final class ListenerSamples {
  private ListenerSamples() {}

  public static class OneOfThreeLeaks {
    @Test
    public void a() {}

    @Test
    public void b() {
      Leaks.leave("left-by-b");
    }

    @Test
    public void c() {}
  }

  public static class StoppedAfterMethod {
    private final List<BlockedThread> workers = new ArrayList<>();

    @BeforeMethod
    public void start() {
      workers.add(BlockedThread.start("before-method"));
    }

    @Test
    public void a() {
      workers.add(BlockedThread.start("test"));
    }

    @Test
    public void b() {
      workers.add(BlockedThread.start("test"));
    }

    @AfterMethod
    public void stop() {
      workers.forEach(BlockedThread::close);
    }
  }

  public static class NotStoppedAfterMethod {
    @Test
    public void a() {
      Leaks.leave("left");
    }

    @Test
    public void b() {}

    @AfterMethod
    public void stop() {}
  }

  public static class StoppedAfterClass {
    private final List<BlockedThread> workers = new ArrayList<>();

    @BeforeClass
    public void start() {
      workers.add(BlockedThread.start("before-class"));
    }

    @Test
    public void a() {
      workers.add(BlockedThread.start("test"));
    }

    @AfterMethod
    public void afterEach() {
      workers.add(BlockedThread.start("after-method"));
    }

    @AfterClass
    public void stop() {
      workers.forEach(BlockedThread::close);
    }
  }

  public static class ForgottenByAfterClass {
    @BeforeClass
    public void start() {
      Leaks.leave("before-class");
    }

    @Test
    public void a() {
      Leaks.leave("a");
    }

    @Test
    public void b() {}

    @Test
    public void c() {
      Leaks.leave("c");
    }

    @AfterClass
    public void stop() {}
  }

  public static class Innocent {
    @Test
    public void innocent() {}
  }

  public static class StopsAfterTest {
    @AfterTest
    public void stop() {
      Leaks.endAll();
    }
  }

  public static class StopsAfterSuite {
    @AfterSuite
    public void stop() {
      Leaks.endAll();
    }
  }

  public static class ForgetsAfterSuite {
    @AfterSuite
    public void stop() {}
  }

  public static class FailsByItself {
    @Test
    public void failing() {
      Leaks.leave("left");
      throw new IllegalArgumentException("my own");
    }

    @Test
    public void next() {}
  }

  public static class SkipsItself {
    @Test
    public void skipping() {
      Leaks.leave("left");
      throw new SkipException("not today");
    }
  }

  public static class Rows {
    @DataProvider
    public Object[][] currencies() {
      return new Object[][] {{"EUR"}, {"USD"}};
    }

    @Test(dataProvider = "currencies")
    public void pays(String currency) {
      if (currency.equals("USD")) {
        Leaks.leave("left");
      }
    }
  }

  @Listeners(LeakVerifierListener.class)
  public static class AlsoAnnotated {
    @Test
    public void a() {
      Leaks.leave("left");
    }
  }

  public static class AlsoLeaks {
    @Test
    public void alsoLeaks() {
      Leaks.leave("also-left");
    }
  }

  @IgnoreLeaks(name = "own-*", reason = "a sample")
  public static class Annotated {
    @Test
    public void a() {
      Leaks.leave("own-1");
    }

    @Test
    public void b() {
      Leaks.leave("other");
    }

    @Test
    @IgnoreLeaks(reason = "not checked")
    public void c() {
      Leaks.leave("unchecked");
    }

    @Test
    @IgnoreLeaks(topFunction = "run")
    public void d() {
      Leaks.leave("bad");
    }

    @Test
    @IgnoreLeaks(createdBy = "dev.leakverifier.testing.BlockedThread.start")
    public void e() {
      Leaks.leave("known by who started it");
    }
  }

  /** Two tests that certainly run at the same time: each waits for the other. */
  public static class SideBySide {
    private final CyclicBarrier together = new CyclicBarrier(2);

    @Test
    public void stops() throws Exception {
      try (BlockedThread worker = BlockedThread.start("stopped")) {
        together.await();
        together.await();
      }
    }

    @Test
    public void leaks() throws Exception {
      together.await();
      Leaks.leave("left");
      together.await();
    }
  }

  /** Two tests at the same time make the workers of a pool that the class stops, or does not. */
  public static class SharedPool {
    static final List<ExecutorService> LEFT = new CopyOnWriteArrayList<>();

    private final CyclicBarrier together = new CyclicBarrier(2);
    private final ExecutorService pool = Executors.newFixedThreadPool(2);

    @Test
    public void one() throws Exception {
      together.await();
      pool.submit(() -> {}).get();
      together.await();
    }

    @Test
    public void two() throws Exception {
      together.await();
      together.await();
      pool.submit(() -> {}).get();
    }

    @AfterClass
    @Parameters("stop")
    public void stop(boolean stop) {
      if (stop) {
        pool.shutdown();
      } else {
        LEFT.add(pool);
      }
    }
  }

  public static class WithTimeOut {
    @Test(timeOut = 60_000)
    public void leaks() {
      Leaks.leave("left");
    }

    @Test(timeOut = 60_000)
    public void passes() {}
  }

  /** Rows that run at the same time: the quick one ends while the other's thread still runs. */
  public static class ParallelRows {
    private final CountDownLatch slowHasStarted = new CountDownLatch(1);
    private final CountDownLatch quickIsOver = new CountDownLatch(1);

    @DataProvider(parallel = true)
    public Object[][] rows() {
      return new Object[][] {{"quick"}, {"slow"}};
    }

    @Test(dataProvider = "rows")
    public void stopsItsThread(String row) throws InterruptedException {
      if (row.equals("quick")) {
        slowHasStarted.await();
        return;
      }
      try (BlockedThread worker = BlockedThread.start("slow")) {
        slowHasStarted.countDown();
        quickIsOver.await();
      }
    }

    /** For a listener that is told when the quick row is over. */
    void release() {
      quickIsOver.countDown();
    }
  }

  public static class StoppedLastTimeOnly {
    private final List<BlockedThread> workers = new ArrayList<>();

    @BeforeMethod(firstTimeOnly = true)
    public void start() {
      workers.add(BlockedThread.start("first-time"));
    }

    @Test(invocationCount = 3)
    public void thrice() {
      workers.add(BlockedThread.start("test"));
    }

    @AfterMethod(lastTimeOnly = true)
    public void stop() {
      workers.forEach(BlockedThread::close);
    }
  }

  /** Tries a failed test once more. */
  public static class Once implements IRetryAnalyzer {
    private int retries;

    @Override
    public boolean retry(ITestResult result) {
      return retries++ == 0;
    }
  }

  public static class LeaksInARetriedAttempt {
    private int attempt;

    @Test(retryAnalyzer = Once.class)
    public void flaky() {
      if (attempt++ == 0) {
        Leaks.leave("left-by-first-attempt");
        throw new IllegalArgumentException("the first attempt");
      }
    }
  }

  public static class ExpectsAnException {
    @Test(expectedExceptions = IllegalArgumentException.class)
    public void throwing() {
      Leaks.leave("left");
      throw new IllegalArgumentException("expected");
    }
  }
}
