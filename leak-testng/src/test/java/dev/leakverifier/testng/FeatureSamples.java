package dev.leakverifier.testng;

import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.Leaks;
import java.util.ArrayList;
import java.util.List;
import org.testng.IHookCallBack;
import org.testng.IHookable;
import org.testng.ITest;
import org.testng.ITestResult;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterGroups;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.AfterSuite;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.BeforeGroups;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.BeforeSuite;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Factory;
import org.testng.annotations.Ignore;
import org.testng.annotations.Test;

/** Tests that use what TestNG offers, and leak or not. Run by other tests only. */
final class FeatureSamples {
  private FeatureSamples() {}

  public static class Groups {
    private final List<BlockedThread> workers = new ArrayList<>();

    @BeforeGroups("shop")
    public void open() {
      workers.add(BlockedThread.start("before-groups"));
    }

    @Test(groups = "shop")
    public void pays() {
      workers.add(BlockedThread.start("test"));
    }

    @Test
    public void leaks() {
      Leaks.leave("left");
    }

    @AfterGroups("shop")
    public void close() {
      workers.forEach(BlockedThread::close);
    }
  }

  public static class GroupsForgotten {
    @BeforeGroups("shop")
    public void open() {
      Leaks.leave("before-groups");
    }

    @Test(groups = "shop")
    public void pays() {}

    @AfterGroups("shop")
    public void close() {
      Leaks.leave("after-groups");
    }
  }

  /** Its teardown is all that a subclass has. */
  public static class Base {
    private final List<BlockedThread> workers = new ArrayList<>();

    final void work(String name) {
      workers.add(BlockedThread.start(name));
    }

    @BeforeMethod
    public void startInBase() {
      work("base");
    }

    @AfterMethod
    public void stopInBase() {
      workers.forEach(BlockedThread::close);
    }
  }

  /** TestNG runs its own teardown before the inherited one, which stops the threads. */
  public static class Inherits extends Base {
    @BeforeMethod
    public void startHere() {
      work("here");
    }

    @Test
    public void stopped() {
      work("test");
    }

    @Test
    public void leaks() {
      Leaks.leave("left");
    }

    @AfterMethod
    public void first() {
      work("first teardown");
    }

    @AfterMethod
    public void second() {
      work("second teardown");
    }
  }

  /** A test that fails is still torn down, and what its teardown stops is no leak. */
  public static class AlwaysRun {
    private final List<BlockedThread> workers = new ArrayList<>();

    @BeforeClass
    public void failing() {
      workers.add(BlockedThread.start("before-class"));
      throw new IllegalStateException("my own");
    }

    @Test
    public void skipped() {}

    @AfterClass(alwaysRun = true)
    public void stop() {
      workers.forEach(BlockedThread::close);
    }
  }

  /** Its teardown is skipped, since its setup failed. */
  public static class FailsInSetup {
    @BeforeClass
    public void failing() {
      Leaks.leave("left");
      throw new IllegalStateException("my own");
    }

    @Test
    public void skipped() {}

    @AfterClass
    public void stop() {}
  }

  public static class FailsInTeardown {
    @Test
    public void leaks() {
      Leaks.leave("left");
    }

    @Test
    public void next() {}

    @AfterMethod
    public void failing() {
      throw new IllegalStateException("my own");
    }
  }

  /** What a wider fixture made is not asked for before its level is over. */
  public static class Wider {
    private final List<BlockedThread> workers = new ArrayList<>();

    @BeforeSuite
    public void beforeSuite() {
      workers.add(BlockedThread.start("before-suite"));
    }

    @BeforeClass
    public void beforeClass() {
      workers.add(BlockedThread.start("before-class"));
    }

    @Test
    public void leaks() {
      Leaks.leave("left");
    }

    @AfterSuite
    public void afterSuite() {
      workers.forEach(BlockedThread::close);
    }
  }

  public static class Repeated {
    private int run;

    @Test(invocationCount = 3)
    public void thrice() {
      if (++run == 2) {
        Leaks.leave("left");
      }
    }
  }

  public static class Pooled {
    @Test(invocationCount = 4, threadPoolSize = 2)
    public void pooled() {
      BlockedThread.start("stopped").close();
    }

    @Test(invocationCount = 4, threadPoolSize = 2)
    public void leaks() {
      Leaks.leave("left");
    }
  }

  public static class MadeWithParameters {
    private final String currency;

    @Factory(dataProvider = "currencies")
    public MadeWithParameters(String currency) {
      this.currency = currency;
    }

    @DataProvider
    public static Object[][] currencies() {
      return new Object[][] {{"EUR"}, {"USD"}};
    }

    @Test
    public void pays() {
      if (currency.equals("USD")) {
        Leaks.leave("left");
      }
    }
  }

  public static class MadeWithNames implements ITest {
    private final String name;

    private MadeWithNames(String name) {
      this.name = name;
    }

    @Factory
    public static Object[] all() {
      return new Object[] {new MadeWithNames("small"), new MadeWithNames("large")};
    }

    @Override
    public String getTestName() {
      return name;
    }

    @Test
    public void pays() {
      if (name.equals("large")) {
        Leaks.leave("left");
      }
    }
  }

  public static class MadeWithText {
    private final int number;

    private MadeWithText(int number) {
      this.number = number;
    }

    @Factory
    public static Object[] all() {
      return new Object[] {new MadeWithText(1), new MadeWithText(2)};
    }

    @Test
    public void pays() {
      if (number == 2) {
        Leaks.leave("left");
      }
    }

    @Override
    public String toString() {
      return "shop " + number;
    }
  }

  public static class MadeWithClosedText {
    private final int number;
    private boolean closed;

    private MadeWithClosedText(int number) {
      this.number = number;
    }

    @Factory
    public static Object[] all() {
      return new Object[] {new MadeWithClosedText(1), new MadeWithClosedText(2)};
    }

    @Test
    public void pays() {
      if (number == 2) {
        Leaks.leave("left");
        closed = true;
      }
    }

    @Override
    public String toString() {
      if (closed) {
        throw new AssertionError("the shop is closed");
      }
      return "shop " + number;
    }
  }

  public static class Ignored {
    @Test
    @Ignore
    public void ignored() {
      Leaks.leave("never");
    }

    @Test(enabled = false)
    public void disabled() {
      Leaks.leave("never");
    }

    @Test
    public void leaks() {
      Leaks.leave("left");
    }
  }

  public static class Hooked implements IHookable {
    private final List<BlockedThread> around = new ArrayList<>();

    @Override
    public void run(IHookCallBack callBack, ITestResult result) {
      try (BlockedThread worker = BlockedThread.start("around")) {
        around.add(worker);
        callBack.runTestMethod(result);
      }
    }

    @Test
    public void passes() {}

    @Test
    public void leaks() {
      Leaks.leave("left");
    }
  }

  public static class OneLeak {
    @Test
    public void leaks() {
      Leaks.leave("left");
    }

    @Test
    public void passes() {}
  }

  /** Leaks in its last test; its heirs have a teardown of the level that the name says. */
  public static class KnownAtOnce {
    @Test
    public void leaks() {
      Leaks.leave("left");
    }

    @Test
    public void alsoRuns() {}
  }

  public static class KnownAfterMethod extends KnownAtOnce {
    @AfterMethod
    public void tearDown() {}
  }

  public static class KnownAfterClass extends KnownAtOnce {
    @AfterClass
    public void tearDown() {}
  }

  public static class KnownAfterSuite extends KnownAtOnce {
    @AfterSuite
    public void tearDown() {}
  }
}
