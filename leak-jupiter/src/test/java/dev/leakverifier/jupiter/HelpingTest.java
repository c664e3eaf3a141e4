package dev.leakverifier.jupiter;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSetMultimap;
import dev.leakverifier.LeakError;
import dev.leakverifier.jupiter.NestedRun.Outcome;
import dev.leakverifier.testing.Leaks;
import dev.leakverifier.thread.ThreadSample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** While a test waits for a task, the worker that runs it may run another one. */
final class HelpingTest {
  private static final Map<String, String> ONE_WORKER =
      ImmutableMap.of(
          "leak.maxWait", "0s",
          "junit.jupiter.execution.parallel.enabled", "true",
          "junit.jupiter.execution.parallel.mode.default", "concurrent",
          "junit.jupiter.execution.parallel.mode.classes.default", "concurrent",
          "junit.jupiter.execution.parallel.config.strategy", "fixed",
          "junit.jupiter.execution.parallel.config.fixed.parallelism", "1",
          "junit.jupiter.execution.parallel.config.executor-service", "FORK_JOIN_POOL");

  @AfterEach
  void endLeaks() {
    Leaks.endAll();
  }

  @Test
  void eachTestAnswersForItsOwnThreads() {
    HelpingSamples.reset();
    Outcome outcome =
        NestedRun.run(ONE_WORKER, HelpingSamples.One.class, HelpingSamples.Other.class);

    List<HelpingSamples.Run> runs = HelpingSamples.runs();
    assertThat(runs.get(2).thread()).isEqualTo(runs.get(0).thread());
    assertThat(leaks(outcome))
        .isEqualTo(
            ImmutableSetMultimap.builder()
                .putAll(
                    runs.get(0).test(),
                    "left-by-first-before",
                    "left-by-pool-of-first",
                    "left-by-first-after")
                .putAll(runs.get(2).test(), "left-by-constructor", "left-by-third")
                .build());
  }

  @Test
  void aWorkerThatJUnitsPoolMakesMeanwhileIsNoLeak() {
    Outcome outcome = NestedRun.run(ONE_WORKER, HelpingSamples.Alone.class);

    assertThat(NestedRun.headlines(outcome)).isEmpty();
    assertThat(outcome.passed()).containsExactly("waits");
  }

  /** The names of the threads that each test has left. */
  private static ImmutableSetMultimap<String, String> leaks(Outcome outcome) {
    ImmutableSetMultimap.Builder<String, String> leaks = ImmutableSetMultimap.builder();
    for (Throwable error : outcome.errors().values()) {
      assertThat(error).isInstanceOf(LeakError.class);
      String blamed = Outcome.headline(error).replaceFirst(".* leaked by HelpingSamples\\.", "");
      for (ThreadSample thread : ((LeakError) error).report().threads()) {
        leaks.put(blamed, thread.name());
      }
    }
    return leaks.build();
  }
}
