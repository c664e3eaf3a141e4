package dev.leakverifier.jupiter;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import dev.leakverifier.jupiter.NestedRun.Outcome;
import dev.leakverifier.testing.LeakPlan;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 200 tests on 8 threads, of which 20 leak: exactly these are named, and none gets lost. */
final class ParallelTest {
  private static final int ROUNDS = Integer.getInteger("parallel.rounds", 1);
  private static final int LEAKS = 20;

  @AfterEach
  void endLeaks() {
    LeakPlan.endAll();
  }

  @ParameterizedTest
  @CsvSource({
    "same_thread, concurrent, fixed, FORK_JOIN_POOL",
    "concurrent, same_thread, fixed, FORK_JOIN_POOL",
    "concurrent, concurrent, fixed, FORK_JOIN_POOL",
    "concurrent, concurrent, dynamic, FORK_JOIN_POOL",
    "concurrent, concurrent, fixed, WORKER_THREAD_POOL",
  })
  void namesExactlyTheTestsThatLeak(
      String methods, String classes, String strategy, String executor) {
    for (int round = 0; round < ROUNDS; round++) {
      ImmutableSet<String> tests = tests();
      LeakPlan.draw(round, LEAKS, tests);
      Map<String, String> parameters =
          ImmutableMap.<String, String>builder()
              .put("leak.maxWait", "200ms")
              .put("junit.jupiter.execution.parallel.enabled", "true")
              .put("junit.jupiter.execution.parallel.mode.default", methods)
              .put("junit.jupiter.execution.parallel.mode.classes.default", classes)
              .put("junit.jupiter.execution.parallel.config.strategy", strategy)
              .put("junit.jupiter.execution.parallel.config.fixed.parallelism", "8")
              .put("junit.jupiter.execution.parallel.config.dynamic.factor", "4")
              .put("junit.jupiter.execution.parallel.config.executor-service", executor)
              .buildOrThrow();
      Outcome outcome = NestedRun.run(parameters, ParallelSamples.ALL.toArray(Class<?>[]::new));
      LeakPlan.endAll();

      assertThat(outcome.tests()).isEqualTo(tests.size());
      String messages =
          String.join(
              "\n\n", outcome.errors().values().stream().map(Throwable::getMessage).toList());
      ImmutableSortedSet<String> named =
          ImmutableSortedSet.copyOf(
              Pattern.compile("leaked by ParallelSamples\\.(\\S*)")
                  .matcher(messages)
                  .results()
                  .map(match -> match.group(1))
                  .collect(toImmutableSet()));
      assertWithMessage("round %s: %s", round, messages)
          .that(named)
          .isEqualTo(ImmutableSortedSet.copyOf(LeakPlan.leaking()));
      assertThat(messages).doesNotContain("one of ");
    }
  }

  private static ImmutableSet<String> tests() {
    return ParallelSamples.ALL.stream()
        .flatMap(
            type ->
                IntStream.range(0, 20).mapToObj(i -> "%s.m%02d".formatted(type.getSimpleName(), i)))
        .collect(toImmutableSet());
  }
}
