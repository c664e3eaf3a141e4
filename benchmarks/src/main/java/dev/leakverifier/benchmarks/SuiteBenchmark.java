package dev.leakverifier.benchmarks;

import static com.google.common.base.Preconditions.checkState;

import dev.leakverifier.testng.LeakVerifierListener;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.testng.TestNG;
import org.testng.annotations.Test;
import org.testng.xml.XmlClass;
import org.testng.xml.XmlSuite;
import org.testng.xml.XmlTest;

/**
 * How much longer does a suite of 1,000 small tests take with the listener, without and with
 * origins? Each test makes a pool, lets it work, and shuts it down.
 *
 * <pre>{@code
 * mvn -Pbenchmark verify -Dbenchmark=SuiteBenchmark
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
@Fork(3)
public class SuiteBenchmark {
  /** What checks the suite. */
  public enum Check {
    NONE,
    LISTENER,
    LISTENER_WITH_ORIGINS
  }

  @Param public Check check = Check.NONE;

  @Benchmark
  public int thousandTests() {
    XmlSuite suite = new XmlSuite();
    suite.getParameters().put("leak.origins", "" + (check == Check.LISTENER_WITH_ORIGINS));
    XmlTest tests = new XmlTest(suite);
    tests.setName("benchmark");
    tests.setXmlClasses(List.of(new XmlClass(Small.class)));
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

  /** A test as there are thousands. */
  public static class Small {
    @Test(invocationCount = 1_000)
    public void works() throws Exception {
      ExecutorService pool = Executors.newFixedThreadPool(2);
      try {
        pool.submit(() -> Blackhole.consumeCPU(200_000)).get();
      } finally {
        pool.shutdown();
        checkState(pool.awaitTermination(1, TimeUnit.MINUTES));
      }
    }
  }
}
