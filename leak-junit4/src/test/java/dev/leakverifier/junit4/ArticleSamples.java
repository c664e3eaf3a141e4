package dev.leakverifier.junit4;

import dev.leakverifier.LeakVerifier;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.Leaks;
import dev.leakverifier.testing.Service;
import dev.leakverifier.testing.Sleeper;
import java.time.Duration;
import org.junit.After;
import org.junit.Test;

/** The examples of the article that the project started from, in Java. Run by other tests only. */
final class ArticleSamples {
  /** As patient as a slow machine needs; a leak is seen all the same. */
  private static final Duration LONG = Duration.ofMinutes(1);

  private static final Duration SHORT = Duration.ofMillis(10);

  private ArticleSamples() {}

  /** A check without a baseline sees what an earlier test left; so each sample tidies up. */
  public abstract static class Tidy {
    @After
    public void endThreads() {
      Leaks.endAll();
    }
  }

  public static class Basic extends Tidy {
    @Test
    public void testWithLeak() {
      try {
        Leaks.leave("endless", Sleeper::backgroundWorker);
      } finally {
        LeakVerifier.verifyNone(LeakVerifier.maxWait(SHORT));
      }
    }

    @Test
    public void testWithoutLeak() {
      try {
        BlockedThread worker = BlockedThread.start("done");
        worker.close();
      } finally {
        LeakVerifier.verifyNone(LeakVerifier.maxWait(LONG));
      }
    }
  }

  public static class IgnoredWorker extends Tidy {
    @Test
    public void testWithBackgroundWorker() {
      try {
        Leaks.leave("background", Sleeper::backgroundWorker);
      } finally {
        LeakVerifier.verifyNone(
            LeakVerifier.ignoreTopFunction(Sleeper.FUNCTION), LeakVerifier.maxWait(LONG));
      }
    }
  }

  public static class CustomFilter extends Tidy {
    @Test
    public void testCustomFilter() {
      try {
        Leaks.leave("sleeping", Sleeper::backgroundWorker);
      } finally {
        LeakVerifier.verifyNone(
            LeakVerifier.ignoreFunc(
                thread ->
                    thread.state() == Thread.State.TIMED_WAITING
                        && thread.stack().contains("java.lang.Thread.sleep")),
            LeakVerifier.maxWait(LONG));
      }
    }
  }

  public static class Timing extends Tidy {
    @Test
    public void testTimingIssue() {
      try {
        Leaks.leave("needs 200 ms more", () -> Sleeper.sleep(Duration.ofMillis(200)));
      } finally {
        LeakVerifier.verifyNone(LeakVerifier.maxWait(LONG));
      }
    }
  }

  public static class WholeService extends Tidy {
    @Test
    public void testServiceNoLeak() throws InterruptedException {
      try {
        Service service = new Service();
        service.start();
        service.stop();
      } finally {
        LeakVerifier.verifyNone(LeakVerifier.maxWait(LONG));
      }
    }

    @Test
    public void testServiceWithLeak() {
      try {
        Service service = new Service();
        service.start();
      } finally {
        LeakVerifier.verifyNone(LeakVerifier.maxWait(SHORT));
      }
    }
  }

  /** Found at the end of the run: no test checks by itself. */
  public static class Unchecked {
    @Test
    public void testSomething() {
      Leaks.leave("sleeping", Sleeper::backgroundWorker);
    }
  }
}
