package dev.leakverifier.junit4;

import static org.junit.Assume.assumeTrue;

import dev.leakverifier.LeakVerifier;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.Leaks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.After;
import org.junit.Before;
import org.junit.Ignore;
import org.junit.Rule;
import org.junit.Test;
import org.junit.experimental.runners.Enclosed;
import org.junit.experimental.theories.DataPoints;
import org.junit.experimental.theories.Theories;
import org.junit.experimental.theories.Theory;
import org.junit.rules.ExternalResource;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.TestRule;
import org.junit.rules.Timeout;
import org.junit.runner.RunWith;

/** Tests that use what JUnit 4 offers, and leak or not. Run by other tests only. */
final class FeatureSamples {
  private FeatureSamples() {}

  private static LeakVerifierRule atOnce() {
    return LeakVerifierRule.verifyNone(LeakVerifier.maxWait(Duration.ZERO));
  }

  /** Leaks in one of its tests; needs a folder. */
  public abstract static class InFolder {
    abstract TemporaryFolder folder();

    @Test
    public void passes() throws IOException {
      folder().newFile();
    }

    @Test
    public void leaks() throws IOException {
      folder().newFile();
      Leaks.leave("left");
    }
  }

  public static class OutsideOfAFolder extends InFolder {
    private final TemporaryFolder folder = new TemporaryFolder();
    @Rule public final TestRule rules = RuleChain.outerRule(atOnce()).around(folder);

    @Override
    TemporaryFolder folder() {
      return folder;
    }
  }

  public static class InsideOfAFolder extends InFolder {
    private final TemporaryFolder folder = new TemporaryFolder();
    @Rule public final TestRule rules = RuleChain.outerRule(folder).around(atOnce());

    @Override
    TemporaryFolder folder() {
      return folder;
    }
  }

  /** With patience: JUnit's own thread may just be ending. */
  public static class OutsideOfATimeout {
    @Rule
    public final TestRule rules =
        RuleChain.outerRule(LeakVerifierRule.verifyNone()).around(Timeout.seconds(60));

    @Test
    public void passes() {}

    @Test
    public void leaks() {
      Leaks.leave("left");
    }
  }

  public static class InsideOfATimeout {
    @Rule public final TestRule rules = RuleChain.outerRule(Timeout.seconds(60)).around(atOnce());

    @Test
    public void passes() {}

    @Test
    public void leaks() {
      Leaks.leave("left");
    }
  }

  /** JUnit interrupts the test's thread, which ends; what it started goes on. */
  public static class TimesOut {
    @Rule
    public final TestRule rules =
        RuleChain.outerRule(LeakVerifierRule.verifyNone()).around(Timeout.millis(100));

    @Test
    public void hangs() throws InterruptedException {
      Leaks.leave("left");
      new CountDownLatch(1).await();
    }
  }

  /** An outer resource starts a thread, and stops it after the leak check. */
  public static class InsideOfAResource {
    @Rule public final TestRule rules = RuleChain.outerRule(new Worker()).around(atOnce());

    @Test
    public void passes() {}

    @Test
    public void leaks() {
      Leaks.leave("left");
    }
  }

  private static final class Worker extends ExternalResource {
    private final List<BlockedThread> workers = new ArrayList<>();

    @Override
    protected void before() {
      workers.add(BlockedThread.start("resource"));
    }

    @Override
    protected void after() {
      workers.forEach(BlockedThread::close);
    }
  }

  @RunWith(Theories.class)
  public static class OfNumbers {
    @DataPoints public static final int[] NUMBERS = {1, 2, 3};
    @Rule public final LeakVerifierRule leaks = atOnce();

    @Theory
    public void passes(int number) {
      BlockedThread.start("stopped" + number).close();
    }

    @Theory
    public void leaks(int number) {
      if (number == 2) {
        Leaks.leave("left");
      }
    }
  }

  @RunWith(Enclosed.class)
  public static class Outer {
    public static class One {
      @Rule public final LeakVerifierRule leaks = atOnce();

      @Test
      public void leaks() {
        Leaks.leave("left");
      }
    }

    public static class Two {
      @Rule public final LeakVerifierRule leaks = atOnce();

      @Test
      public void passes() {}
    }
  }

  /** Its rule and fixtures are all that a subclass has. */
  public abstract static class Base {
    @Rule public final LeakVerifierRule leaks = atOnce();
    private final List<BlockedThread> workers = new ArrayList<>();

    @Before
    public void start() {
      workers.add(BlockedThread.start("before"));
    }

    @After
    public void stop() {
      workers.forEach(BlockedThread::close);
    }
  }

  public static class Inherits extends Base {
    @Test
    public void passes() {}

    @Test
    public void leaks() {
      Leaks.leave("left");
    }
  }

  public static class Ignored {
    @Rule public final LeakVerifierRule leaks = atOnce();

    @Test
    @Ignore
    public void ignored() {
      Leaks.leave("never");
    }

    @Test
    public void leaks() {
      Leaks.leave("left");
    }
  }

  public static class ExpectsAnException {
    @Rule public final LeakVerifierRule leaks = atOnce();

    @Test(expected = IllegalArgumentException.class)
    public void passes() {
      throw new IllegalArgumentException("expected");
    }

    @Test(expected = IllegalArgumentException.class)
    public void leaks() {
      Leaks.leave("left");
      throw new IllegalArgumentException("expected");
    }
  }

  public static class Skipped {
    @Rule public final LeakVerifierRule leaks = atOnce();

    @Test
    public void skips() {
      Leaks.leave("left");
      assumeTrue("not today", false);
    }
  }

  /** Fails in three places. */
  public static class FailsTwiceAndLeaks {
    @Rule public final LeakVerifierRule leaks = atOnce();

    @Test
    public void fails() {
      Leaks.leave("left");
      throw new IllegalStateException("my test");
    }

    @After
    public void failing() {
      throw new IllegalStateException("my teardown");
    }
  }
}
