package dev.leakverifier.junit4;

import static org.junit.Assume.assumeTrue;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.IgnoreLeaks;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.Leaks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.experimental.ParallelComputer;
import org.junit.rules.ExternalResource;
import org.junit.rules.RuleChain;
import org.junit.rules.TestRule;
import org.junit.runner.JUnitCore;
import org.junit.runner.Result;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Suite;

/** Tests that leak, and tests that do not. Run by other tests only. */
final class RuleSamples {
  private RuleSamples() {}

  private static LeakVerifierRule atOnce() {
    return LeakVerifierRule.verifyNone(LeakVerifier.maxWait(Duration.ZERO));
  }

  public static class OneOfThreeLeaks {
    @Rule public final LeakVerifierRule leaks = atOnce();

    @Test
    public void a() {}

    @Test
    public void b() {
      Leaks.leave("left-by-b");
    }

    @Test
    public void c() {}
  }

  public static class StoppedInAfter {
    @Rule public final LeakVerifierRule leaks = atOnce();
    private final List<BlockedThread> workers = new ArrayList<>();

    @Before
    public void start() {
      workers.add(BlockedThread.start("before"));
    }

    @Test
    public void a() {
      workers.add(BlockedThread.start("test"));
    }

    @After
    public void stop() {
      workers.forEach(BlockedThread::close);
    }
  }

  public static class LeftByAfter {
    @Rule public final LeakVerifierRule leaks = atOnce();

    @Test
    public void a() {}

    @After
    public void leave() {
      Leaks.leave("left-by-after");
    }
  }

  public static class StoppedInAfterClass {
    @ClassRule public static final LeakVerifierRule LEAKS = atOnce();
    private static final List<BlockedThread> WORKERS = new ArrayList<>();

    @BeforeClass
    public static void start() {
      WORKERS.add(BlockedThread.start("before-class"));
    }

    @Test
    public void a() {
      WORKERS.add(BlockedThread.start("test"));
    }

    @AfterClass
    public static void stop() {
      WORKERS.forEach(BlockedThread::close);
    }
  }

  public static class LeftByClass {
    @ClassRule public static final LeakVerifierRule LEAKS = atOnce();

    @Test
    public void a() {
      Leaks.leave("left-by-a");
    }

    @Test
    public void b() {}
  }

  public static class Plain {
    @Test
    public void leaks() {
      Leaks.leave("left-by-plain");
    }
  }

  public static class IgnoresWrongly {
    @Test
    @IgnoreLeaks(topFunction = "run")
    public void leaks() {
      Leaks.leave("left-by-wrong");
    }

    @Test
    public void works() {}
  }

  @RunWith(Suite.class)
  @Suite.SuiteClasses({Plain.class, StoppedInAfter.class})
  public static class WholeSuite {
    @ClassRule public static final LeakVerifierRule LEAKS = atOnce();
  }

  public static class FailsByItself {
    @Rule public final LeakVerifierRule leaks = atOnce();

    @Test
    public void failing() {
      Leaks.leave("left");
      throw new IllegalArgumentException("my own");
    }

    @Test
    public void next() {}
  }

  public static class SkipsItself {
    @Rule public final LeakVerifierRule leaks = atOnce();

    @Test
    public void skipping() {
      Leaks.leave("left");
      assumeTrue(false);
    }
  }

  @RunWith(Parameterized.class)
  public static class Rows {
    @Rule public final LeakVerifierRule leaks = atOnce();

    @Parameterized.Parameters(name = "{0}")
    public static Iterable<String> currencies() {
      return ImmutableList.of("EUR", "USD");
    }

    private final String currency;

    public Rows(String currency) {
      this.currency = currency;
    }

    @Test
    public void pays() {
      if (currency.equals("USD")) {
        Leaks.leave("left");
      }
    }

    @Test
    @IgnoreLeaks(name = "own-*")
    public void ignored() {
      Leaks.leave("own-1");
    }
  }

  @IgnoreLeaks(name = "own-*", reason = "a sample")
  public static class Annotated {
    @Rule public final LeakVerifierRule leaks = atOnce();

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

  /** With patience: JUnit's own thread may just be ending. */
  public static class WithTimeout {
    @Rule public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();

    @Test(timeout = 60_000)
    public void leaks() {
      Leaks.leave("left");
    }

    @Test(timeout = 60_000)
    public void passes() {}
  }

  public static class BothRules {
    @ClassRule public static final LeakVerifierRule CLASS_LEAKS = atOnce();
    @Rule public final LeakVerifierRule leaks = atOnce();

    @Test
    public void a() {
      Leaks.leave("left");
    }
  }

  public static class Predicate {
    @Rule
    public final LeakVerifierRule leaks =
        LeakVerifierRule.verifyNone(
            LeakVerifier.ignoreFunc(
                thread -> {
                  throw new IllegalArgumentException("my predicate");
                }));

    @Test
    public void a() {
      Leaks.leave("left");
    }
  }

  public static class Fails {
    @Test
    public void failing() {
      throw new IllegalArgumentException("my own");
    }
  }

  public static class FailsOnce {
    static boolean failed;

    @Test
    public void failing() {
      if (!failed) {
        failed = true;
        throw new IllegalArgumentException("my own");
      }
    }
  }

  public static class ClassFailsOnce {
    static boolean failed;

    @BeforeClass
    public static void failing() {
      FailsOnce.failed = failed;
      failed = true;
      new FailsOnce().failing();
    }

    @Test
    public void leaks() {
      Leaks.leave("left");
    }
  }

  /** Another rule that starts a thread and stops it. */
  private static ExternalResource worker() {
    return new ExternalResource() {
      private final List<BlockedThread> workers = new ArrayList<>();

      @Override
      protected void before() {
        workers.add(BlockedThread.start("other-rule"));
      }

      @Override
      protected void after() {
        workers.forEach(BlockedThread::close);
      }
    };
  }

  public static class InsideAnotherRule {
    private final LeakVerifierRule leaks = atOnce();
    @Rule public final TestRule rules = RuleChain.outerRule(worker()).around(leaks);

    @Test
    public void passes() {}

    @Test
    public void leaks() {
      Leaks.leave("left");
    }
  }

  public static class AroundAnotherRule {
    private final LeakVerifierRule leaks = atOnce();
    @Rule public final TestRule rules = RuleChain.outerRule(leaks).around(worker());

    @Test
    public void passes() {}
  }

  public static class LeavesTheInterrupt {
    @Rule public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();

    @Test
    public void stopsItsThread() {
      BlockedThread ending = BlockedThread.start("ending");
      ending.release();
      Thread.currentThread().interrupt();
    }
  }

  /** Leaks while {@link Beside} runs, and has no rule. */
  public static class Neighbour {
    private static CountDownLatch began = new CountDownLatch(1);
    private static CountDownLatch left = new CountDownLatch(1);

    static Result runBesideOneWithARule() {
      began = new CountDownLatch(1);
      left = new CountDownLatch(1);
      return new JUnitCore().run(ParallelComputer.classes(), Beside.class, Neighbour.class);
    }

    /** Prints what failed. */
    public static void main(String[] args) {
      runBesideOneWithARule().getFailures().forEach(each -> System.out.println(each.getMessage()));
      Leaks.endAll();
    }

    @Test
    public void leaks() throws InterruptedException {
      began.await();
      Leaks.leave("of a neighbour");
      left.countDown();
    }
  }

  public static class Beside {
    @Rule public final LeakVerifierRule leaks = atOnce();

    @Test
    public void waits() throws InterruptedException {
      Neighbour.began.countDown();
      Neighbour.left.await();
    }
  }

  /** One rule for all of its tests, made before any of them. */
  public static class OneRuleForAll {
    private static final LeakVerifierRule LEAKS = atOnce();
    private static final List<BlockedThread> WORKERS = new ArrayList<>();

    @Rule public final LeakVerifierRule leaks = LEAKS;

    @BeforeClass
    public static void start() {
      WORKERS.add(BlockedThread.start("before-class"));
    }

    @Test
    public void a() {}

    @Test
    public void b() {}

    @AfterClass
    public static void stop() {
      WORKERS.forEach(BlockedThread::close);
    }
  }

  public static class ConstructorLeaves {
    @Rule public final LeakVerifierRule leaks = atOnce();

    public ConstructorLeaves() {
      Leaks.leave("of-constructor", () -> LockSupport.park());
    }

    @Test
    public void a() {}
  }

  /** Leaks before the run starts. */
  @RunWith(Parameterized.class)
  public static class ParametersLeak {
    public ParametersLeak(int row) {}

    @Parameterized.Parameters
    public static Iterable<Integer> rows() {
      Leaks.leave("of the parameters");
      return ImmutableList.of(1);
    }

    @Test
    public void test() {}
  }
}
