package dev.leakverifier.benchmarks;

import com.google.common.math.Quantiles;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.benchmarks.CheckedSuite.Check;
import dev.leakverifier.benchmarks.CheckedSuite.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
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

/**
 * How much longer does a suite of 1,000 tests of about a millisecond take with the listener, the
 * rule or the extension, without and with origins? The tests just compute, or let a pool of their
 * own do it. The last three tell how many times as long, in {@link Turns} with the suite that
 * nobody checks, and what is added {@link OutsideTests outside the tests}.
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
        CheckedSuite.nanosInTests = 0;
        long start = System.nanoTime();
        var unused = suite.getAsInt();
        long nanos = System.nanoTime() - start;
        return new Run(nanos, nanos - CheckedSuite.nanosInTests);
      }
    }
  }

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
    return CheckedSuite.testng(check, work);
  }

  @Benchmark
  public int junit4() {
    return CheckedSuite.junit4(check, work);
  }

  @Benchmark
  public int jupiter() {
    return CheckedSuite.jupiter(check, work);
  }

  @Benchmark
  public void testngToUnchecked(Turns turns, OutsideTests outside) throws Exception {
    outside.take(
        turns, () -> CheckedSuite.testng(check, work), () -> CheckedSuite.testng(Check.NONE, work));
  }

  @Benchmark
  public void junit4ToUnchecked(Turns turns, OutsideTests outside) throws Exception {
    outside.take(
        turns, () -> CheckedSuite.junit4(check, work), () -> CheckedSuite.junit4(Check.NONE, work));
  }

  @Benchmark
  public void jupiterToUnchecked(Turns turns, OutsideTests outside) throws Exception {
    outside.take(
        turns,
        () -> CheckedSuite.jupiter(check, work),
        () -> CheckedSuite.jupiter(Check.NONE, work));
  }
}
