package dev.leakverifier.benchmarks;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.math.Quantiles;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.junit4.LeakVerifierRule;
import dev.leakverifier.testng.LeakVerifierListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.junit.Rule;
import org.junit.rules.RuleChain;
import org.junit.rules.TestRule;
import org.junit.runner.JUnitCore;
import org.junit.runner.Result;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.testng.TestNG;
import org.testng.annotations.Test;
import org.testng.xml.XmlClass;
import org.testng.xml.XmlSuite;
import org.testng.xml.XmlTest;

/**
 * How much longer does a suite of 1,000 tests of about a millisecond take with the listener or the
 * rule, without and with origins? The tests just compute, or let a pool of their own do it. The
 * last two tell how many times as long, in {@link Turns} with the suite that nobody checks, and
 * what is added {@link OutsideTests outside the tests}.
 *
 * <pre>{@code
 * mvn -Pbenchmark verify -Dbenchmark=SuiteBenchmark
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4)
@Measurement(iterations = 12)
@Fork(1)
public class SuiteBenchmark {
  private static final int TESTS = 1_000;

  /** What checks the suite. */
  public enum Check {
    NONE,
    LEAKS,
    LEAKS_AND_ORIGINS
  }

  /** What each test does. */
  public enum Work {
    NOTHING,
    COMPUTE,
    POOL;

    void run() throws Exception {
      if (this == NOTHING) {
        return;
      }
      if (this == COMPUTE) {
        compute();
        return;
      }
      ExecutorService pool = Executors.newFixedThreadPool(2);
      try {
        pool.submit(Work::compute).get();
      } finally {
        pool.shutdown();
        checkState(pool.awaitTermination(1, TimeUnit.MINUTES));
      }
    }

    private static void compute() {
      Blackhole.consumeCPU(500_000);
    }
  }

  /**
   * What a checked suite adds between its tests, in percent of the time of an unchecked one: what
   * the tests compute varies by more than that from one suite to the next, and is left out here.
   */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class OutsideTests {
    private final List<Double> percents = new ArrayList<>();
    private Run checked = Run.NONE;
    private Run unchecked = Run.NONE;

    @Setup(Level.Iteration)
    public void startAnew() {
      percents.clear();
    }

    /** The median of an iteration. */
    public double addedPercent() {
      return Quantiles.median().compute(percents);
    }

    private void take(Turns turns, IntSupplier checkedSuite, IntSupplier uncheckedSuite)
        throws Exception {
      turns.take(
          () -> checked = Run.of(checkedSuite), //
          () -> unchecked = Run.of(uncheckedSuite));
      percents.add(100 * (checked.nanosOutside() - unchecked.nanosOutside()) / unchecked.nanos());
    }

    private record Run(double nanos, double nanosOutside) {
      static final Run NONE = new Run(0, 0);

      static Run of(IntSupplier suite) {
        nanosInTests = 0;
        long start = System.nanoTime();
        var unused = suite.getAsInt();
        long nanos = System.nanoTime() - start;
        return new Run(nanos, nanos - nanosInTests);
      }
    }
  }

  /** Of the current suite, whose tests run one after the other. */
  private static long nanosInTests;

  private static volatile Work currentWork = Work.COMPUTE;
  private static volatile Check currentCheck = Check.NONE;

  @Param public Check check = Check.NONE;

  @Param public Work work = Work.COMPUTE;

  /** What is measured is not the start of the flight recorder, which a JVM has once. */
  @Setup
  public void startRecorder() {
    if (check == Check.LEAKS_AND_ORIGINS) {
      var unused = LeakVerifier.recordOrigins();
    }
  }

  @Benchmark
  public int testng() {
    return testng(check);
  }

  @Benchmark
  public int junit4() {
    return junit4(check);
  }

  @Benchmark
  public void testngToUnchecked(Turns turns, OutsideTests outside) throws Exception {
    outside.take(turns, () -> testng(check), () -> testng(Check.NONE));
  }

  @Benchmark
  public void junit4ToUnchecked(Turns turns, OutsideTests outside) throws Exception {
    outside.take(turns, () -> junit4(check), () -> junit4(Check.NONE));
  }

  private int testng(Check check) {
    currentWork = work;
    XmlSuite suite = new XmlSuite();
    suite.getParameters().put("leak.origins", "" + (check == Check.LEAKS_AND_ORIGINS));
    XmlTest tests = new XmlTest(suite);
    tests.setName("benchmark");
    tests.setXmlClasses(List.of(new XmlClass(ForTestNG.class)));
    TestNG testng = new TestNG(/* useDefaultListeners= */ false);
    testng.setVerbose(0);
    testng.setXmlSuites(List.of(suite));
    if (check != Check.NONE) {
      testng.addListener(new LeakVerifierListener());
    }
    testng.run();
    checkState(
        testng.getStatus() == 0, "no test leaks, but TestNG ended with %s", testng.getStatus());
    return testng.getStatus();
  }

  private int junit4(Check check) {
    currentWork = work;
    currentCheck = check;
    System.setProperty("leak.origins", "" + (check == Check.LEAKS_AND_ORIGINS));
    Result result;
    try {
      result = new JUnitCore().run(ForJUnit.class);
    } finally {
      System.clearProperty("leak.origins");
    }
    checkState(result.wasSuccessful(), "no test leaks, but: %s", result.getFailures());
    return result.getRunCount();
  }

  private static void runTest() throws Exception {
    long start = System.nanoTime();
    currentWork.run();
    nanosInTests += System.nanoTime() - start;
  }

  /** Tests as there are thousands. */
  public static class ForTestNG {
    @Test(invocationCount = TESTS)
    public void works() throws Exception {
      runTest();
    }
  }

  /** The same, with a rule for each test. */
  @RunWith(Parameterized.class)
  public static class ForJUnit {
    @Rule
    public final TestRule leaks =
        currentCheck == Check.NONE ? RuleChain.emptyRuleChain() : LeakVerifierRule.verifyNone();

    @Parameterized.Parameters
    public static Object[] runs() {
      return new Object[TESTS];
    }

    public ForJUnit(Object unused) {}

    @org.junit.Test
    public void works() throws Exception {
      runTest();
    }
  }
}
