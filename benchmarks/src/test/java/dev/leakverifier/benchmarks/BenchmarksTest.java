package dev.leakverifier.benchmarks;

import static com.google.common.truth.Truth.assertThat;
import static org.testng.Assert.expectThrows;

import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.testng.SkipException;
import org.testng.annotations.Test;

public class BenchmarksTest {
  @Test
  public void saysWhereThereAreNoVirtualThreads() {
    if (hasVirtualThreads()) {
      throw new SkipException("this JVM has virtual threads");
    }
    UnsupportedOperationException refusal =
        expectThrows(
            UnsupportedOperationException.class, new VirtualThreadsBenchmark()::startThreads);
    assertThat(refusal)
        .hasMessageThat()
        .startsWith("VirtualThreadsBenchmark needs JDK 21 or newer, this is ");
  }

  private static boolean hasVirtualThreads() {
    return Runtime.version().feature() >= 21;
  }

  /** Says nothing about time, only that they run. */
  @Test
  public void allRun() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .exclude("SuiteBenchmark|WakeUpBenchmark") // they take seconds
                    .exclude(hasVirtualThreads() ? "none" : "VirtualThreadsBenchmark")
                    .param("baseline", "10")
                    .param("virtual", "10")
                    .param("threads", "10/10")
                    .param("live", "10")
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(10))
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();

    assertThat(results).hasSize(hasVirtualThreads() ? 28 : 23);
    for (RunResult result : results) {
      assertThat(result.getPrimaryResult().getScore()).isGreaterThan(0.0);
    }
    String tables = Figures.tables(results);
    assertThat(tables).contains("CleanCheckBenchmark, JDK " + Runtime.version().feature());
    assertThat(tables).contains("| | bareEnumerate, us/op | bareGetAllStackTraces, us/op |");
    assertThat(tables).contains("| reportToGoal, ratio |");
    assertThat(tables).contains("| baseline 10 | ");
    if (hasVirtualThreads()) {
      assertThat(tables).contains("| captureToBareDump, ratio | ");
    }
  }
}
