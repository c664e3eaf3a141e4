package dev.leakverifier.benchmarks;

import dev.leakverifier.LeakReport;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.junit4.LeakVerifierRule;
import dev.leakverifier.testng.LeakVerifierListener;
import java.util.concurrent.TimeUnit;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.slf4j.LoggerFactory;
import org.testng.ITestNGListener;
import org.testng.TestNG;
import org.testng.annotations.Test;

/**
 * What does the first use cost in a fresh JVM, class loading included?
 *
 * <pre>{@code
 * mvn -Pbenchmark verify -Dbenchmark=StartUpBenchmark
 * }</pre>
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(20)
@State(Scope.Benchmark)
public class StartUpBenchmark {
  private static final Description TEST =
      Description.createTestDescription(StartUpBenchmark.class, "works");

  private static final Statement NOTHING =
      new Statement() {
        @Override
        public void evaluate() {}
      };

  /** To start the flight recorder, or to find a logging library, is not what is measured. */
  @Setup
  public void setUp() {
    System.setProperty("leak.origins", "false");
    LoggerFactory.getLogger(StartUpBenchmark.class).trace("found");
  }

  @Benchmark
  public LeakReport firstScopeAndCheck() {
    return LeakVerifier.scope().check();
  }

  @Benchmark
  public LeakReport firstFind() {
    return LeakVerifier.find();
  }

  @Benchmark
  public void firstTestWithRule() throws Throwable {
    LeakVerifierRule.verifyNone().apply(NOTHING, TEST).evaluate();
  }

  @Benchmark
  public int firstTestNgSuite() {
    return run();
  }

  @Benchmark
  public int firstTestNgSuiteWithListener() {
    return run(new LeakVerifierListener());
  }

  private static int run(ITestNGListener... listeners) {
    TestNG testng = new TestNG(/* useDefaultListeners= */ false);
    testng.setVerbose(0);
    testng.setTestClasses(new Class<?>[] {OneTest.class});
    for (ITestNGListener listener : listeners) {
      testng.addListener(listener);
    }
    testng.run();
    return testng.getStatus();
  }

  /** For TestNG. */
  public static class OneTest {
    @Test
    public void works() {}
  }
}
