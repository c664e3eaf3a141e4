package com.acme;

import static org.testng.Assert.assertEquals;

import dev.leakverifier.LeakReport;
import dev.leakverifier.LeakVerifier;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** No baseline and no listener: what the runners have made must be known by itself. */
public class ForkTest {
  private final CountDownLatch others = new CountDownLatch(3);

  @Test
  public void seesNoLeakInTheThreadsOfTheFork() {
    assertEquals(LeakVerifier.find().toString(), "no thread leaked");
  }

  @DataProvider
  Object[][] names() {
    return new String[][] {
      {"surefire-forkedjvm-ping-30s"}, {"surefire-forkedjvm-stream-flusher"}, {"TestNG-tests-1"}
    };
  }

  @Test(dataProvider = "names")
  public void findsAUsersThreadOfThatName(String name) throws Exception {
    ScheduledThreadPoolExecutor pool =
        new ScheduledThreadPoolExecutor(
            1,
            body -> {
              Thread thread = new Thread(body, name);
              thread.setDaemon(true);
              return thread;
            });
    pool.schedule(() -> {}, 1, TimeUnit.DAYS);
    try {
      LeakReport report = LeakVerifier.find();
      assertEquals(report.threads().stream().map(thread -> thread.name()).toList(), List.of(name));
    } finally {
      pool.shutdownNow();
      pool.awaitTermination(1, TimeUnit.MINUTES);
    }
  }

  @DataProvider(parallel = true)
  Object[][] rows() {
    return new Object[][] {{1}, {2}, {3}, {4}};
  }

  /** The other workers idle, or are about to. */
  @Test(dataProvider = "rows")
  public void seesNoLeakInTheWorkersOfTestNg(int row) throws Exception {
    if (row < 4) {
      others.countDown();
    } else {
      others.await();
      assertEquals(LeakVerifier.find().toString(), "no thread leaked");
    }
  }
}
