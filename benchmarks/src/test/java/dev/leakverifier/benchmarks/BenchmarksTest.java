package dev.leakverifier.benchmarks;

import static com.google.common.truth.Truth.assertThat;

import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.testng.annotations.Test;

public class BenchmarksTest {
  /** Says nothing about time, only that they run. */
  @Test
  public void allRun() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .param("baseline", "10")
                    .exclude("SuiteBenchmark.*") // it takes a second
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(10))
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();

    assertThat(results).hasSize(5);
    for (RunResult result : results) {
      assertThat(result.getPrimaryResult().getScore()).isGreaterThan(0.0);
    }
  }
}
