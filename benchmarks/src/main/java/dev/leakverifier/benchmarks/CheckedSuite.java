package dev.leakverifier.benchmarks;

import static com.google.common.base.Preconditions.checkState;

import dev.leakverifier.junit4.LeakVerifierRule;
import dev.leakverifier.testng.LeakVerifierListener;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.junit.rules.RuleChain;
import org.junit.rules.TestRule;
import org.junit.runner.JUnitCore;
import org.junit.runner.Result;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.openjdk.jmh.infra.Blackhole;
import org.testng.TestNG;
import org.testng.annotations.Test;
import org.testng.xml.XmlClass;
import org.testng.xml.XmlSuite;
import org.testng.xml.XmlTest;

/** Suites of 1,000 tests that leak nothing, for {@link SuiteBenchmark}. */
public final class CheckedSuite {
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

  /** Of the current suite, whose tests run one after the other. */
  static long nanosInTests;

  private static volatile Work currentWork = Work.COMPUTE;
  private static volatile Check currentCheck = Check.NONE;

  private CheckedSuite() {}

  static int testng(Check check, Work work) {
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

  static int junit4(Check check, Work work) {
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

  static int jupiter(Check check, Work work) {
    currentWork = work;
    SummaryGeneratingListener results = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(ForJupiter.class))
                .configurationParameter(
                    "junit.jupiter.extensions.autodetection.enabled", "" + (check != Check.NONE))
                .configurationParameter("leak.origins", "" + (check == Check.LEAKS_AND_ORIGINS))
                .build(),
            results);
    TestExecutionSummary summary = results.getSummary();
    checkState(
        summary.getTotalFailureCount() == 0, "no test leaks, but: %s", summary.getFailures());
    checkState(summary.getTestsSucceededCount() == TESTS);
    return TESTS;
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

  /** The same, with the extension on all tests. */
  public static class ForJupiter {
    @RepeatedTest(TESTS)
    public void works() throws Exception {
      runTest();
    }
  }
}
