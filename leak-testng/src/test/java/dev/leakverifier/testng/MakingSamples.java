package dev.leakverifier.testng;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.IgnoreLeaks;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.Leaks;
import java.util.concurrent.CountDownLatch;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterSuite;
import org.testng.annotations.AfterTest;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Factory;
import org.testng.annotations.Listeners;
import org.testng.annotations.Test;

/** Classes that start threads while TestNG makes their instances. Run by other tests only. */
final class MakingSamples {
  private MakingSamples() {}

  /** Leaks before any of its tests runs. */
  public static class Constructs {
    public Constructs() {
      Leaks.leave("constructed");
    }

    @Test
    public void first() {}

    @Test
    public void second() {}
  }

  /** A base class does the leaking. */
  public static class Inherits extends Constructs {}

  /** Its fixture stops what its constructor has started. */
  public static class StoppedInAfterClass {
    private final BlockedThread thread = BlockedThread.start("stopped");

    @Test
    public void usesIt() {}

    @AfterClass
    public void stop() {
      thread.close();
    }
  }

  /** As above, later. */
  public static class StoppedWithItsTag {
    private final BlockedThread thread = BlockedThread.start("stopped");

    @Test
    public void usesIt() {}

    @AfterTest
    public void stop() {
      thread.close();
    }
  }

  /** As above, last of all. */
  public static class StoppedInAfterSuite {
    private final BlockedThread thread = BlockedThread.start("stopped");

    @Test
    public void usesIt() {}

    @AfterSuite
    public void stop() {
      thread.close();
    }
  }

  /** What its subclasses share, and the last of them stops. */
  public abstract static class Shares {
    static final BlockedThread SHARED = BlockedThread.start("shared");
  }

  /** Comes first. */
  public static class SharesFirst extends Shares {
    @Test
    public void usesIt() {}

    @AfterClass
    public void stopsNothing() {}
  }

  /** Comes last. */
  public static class SharesLast extends Shares {
    @Test
    public void usesItToo() {}

    @AfterClass
    public void stop() {
      SHARED.close();
    }
  }

  /** What its subclasses share, and none of them stops. */
  public abstract static class Forgets {
    static {
      Leaks.leave("forgotten");
    }
  }

  /** Comes first. */
  public static class ForgetsFirst extends Forgets {
    @Test
    public void usesIt() {}
  }

  /** Comes last. */
  public static class ForgetsLast extends Forgets {
    @Test
    public void usesItToo() {}
  }

  /** A factory that leaks itself. */
  public static class Makes {
    @Factory
    public Object[] make() {
      Leaks.leave("made");
      return new Object[] {new ListenerSamples.Innocent()};
    }
  }

  /** A factory whose data come from elsewhere, and leave a thread. */
  public static class MakesOfRows {
    @Factory(dataProvider = "rows", dataProviderClass = Rows.class)
    public Object[] make(String row) {
      return new Object[] {new ListenerSamples.Innocent()};
    }
  }

  /** The data. */
  public static class Rows {
    @DataProvider
    public static Object[][] rows() {
      Leaks.leave("row");
      return new Object[][] {{"a"}, {"b"}};
    }
  }

  /** Two instances, of which one leaks. */
  public static class MadeOfRows {
    @Factory(dataProvider = "leaks")
    public MadeOfRows(boolean leaks) {
      if (leaks) {
        Leaks.leave("of one instance");
      }
    }

    @DataProvider
    public static Object[][] leaks() {
      return new Object[][] {{false}, {true}};
    }

    @Test
    public void test() {}
  }

  /** What its constructor has started starts another thread in a test. */
  public static class StartsMoreLater {
    private final CountDownLatch inTest = new CountDownLatch(1);
    private final CountDownLatch started = new CountDownLatch(1);

    public StartsMoreLater() {
      Leaks.leave(
          "parent",
          () -> {
            Uninterruptibles.awaitUninterruptibly(inTest);
            Leaks.leave("child");
            started.countDown();
            awaitInterrupt();
          });
    }

    @Test
    public void bystander() {
      inTest.countDown();
      Uninterruptibles.awaitUninterruptibly(started);
    }
  }

  /** Without origins, only one of the two threads tells whose it is. */
  public static class LeavesTwoKinds {
    private static final CountDownLatch RUNNING = new CountDownLatch(1);

    public LeavesTwoKinds() {
      Leaks.leave(
          "tells",
          () -> {
            RUNNING.countDown();
            awaitInterrupt();
          });
      Uninterruptibles.awaitUninterruptibly(RUNNING);
      Leaks.leave("does not tell");
    }

    @Test
    public void test() {}
  }

  /** Not to be checked. */
  @IgnoreLeaks(reason = "for the test")
  public static class Ignored extends Constructs {}

  /** Its tests do not fail. */
  public static class Skipped {
    public Skipped() {
      Leaks.leave("constructed");
    }

    @Test
    public void skipped() {
      throw new SkipException("not now");
    }

    @Test
    public void ran() {}
  }

  /** Made, but with nothing to run. */
  public static class WithoutTests {
    public WithoutTests() {
      Leaks.leave("constructed");
    }

    @Test(enabled = false)
    public void disabled() {}
  }

  /** TestNG learns of the listener only when it has made the instance. */
  @Listeners(LeakVerifierListener.class)
  public static class NamesTheListener extends Constructs {}

  private static void awaitInterrupt() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the end of the test
    }
  }
}
