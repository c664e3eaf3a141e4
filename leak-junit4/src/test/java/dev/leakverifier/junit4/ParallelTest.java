package dev.leakverifier.junit4;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import dev.leakverifier.LeakError;
import dev.leakverifier.testing.LeakPlan;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Test;
import org.junit.experimental.ParallelComputer;
import org.junit.runner.Computer;
import org.junit.runner.JUnitCore;
import org.junit.runner.Result;
import org.junit.runner.Runner;
import org.junit.runner.notification.Failure;
import org.junit.runners.ParentRunner;
import org.junit.runners.model.InitializationError;
import org.junit.runners.model.RunnerBuilder;
import org.junit.runners.model.RunnerScheduler;

/** 200 tests on 8 threads, of which 20 leak: exactly these fail. */
public class ParallelTest {
  private static final int ROUNDS = Integer.getInteger("parallel.rounds", 1);
  private static final int LEAKS = 20;

  @After
  public void endLeaks() {
    LeakPlan.endAll();
  }

  @Test
  public void theRuleBlamesExactlyTheMethodsThatLeak() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      try (OnEightThreads computer = new OnEightThreads()) {
        theRuleBlamesExactly(computer, round);
      }
    }
  }

  @Test
  public void theRuleBlamesExactlyTheMethodsThatLeakInParallelClasses() {
    for (int round = 0; round < ROUNDS; round++) {
      theRuleBlamesExactly(ParallelComputer.classes(), round);
    }
  }

  @Test
  public void theRuleBlamesExactlyTheMethodsThatLeakInClassesWhoseMethodsRunAllAtOnce() {
    for (int round = 0; round < ROUNDS; round++) {
      theRuleBlamesExactly(ParallelComputer.methods(), round);
    }
  }

  @Test
  public void theRunListenerNamesExactlyTheMethodsThatLeak() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      ImmutableSet<String> tests = methods(ParallelSamples.PLAIN);
      LeakPlan.draw(round, LEAKS, tests);
      JUnitCore junit = new JUnitCore();
      junit.addListener(new LeakVerifierRunListener());
      Result result;
      try (OnEightThreads computer = new OnEightThreads()) {
        result = junit.run(computer, ParallelSamples.PLAIN.toArray(Class<?>[]::new));
      }
      LeakPlan.endAll();

      assertThat(result.getRunCount()).isEqualTo(tests.size());
      assertThat(result.getFailures()).hasSize(1);
      String message = result.getFailures().get(0).getMessage();
      ImmutableSet<String> named =
          Pattern.compile("leaked by ParallelSamples\\.(\\S*)")
              .matcher(message)
              .results()
              .map(match -> match.group(1))
              .collect(toImmutableSet());
      assertWithMessage(message).that(named).containsExactlyElementsIn(LeakPlan.leaking());
      assertThat(message).doesNotContain("one of ");
    }
  }

  private static void theRuleBlamesExactly(Computer computer, int round) {
    ImmutableSet<String> tests = methods(ParallelSamples.WITH_RULE);
    LeakPlan.drawWithLiveStarters(round, LEAKS, tests);
    Result result =
        new JUnitCore().run(computer, ParallelSamples.WITH_RULE.toArray(Class<?>[]::new));
    LeakPlan.endAll();

    assertThat(result.getRunCount()).isEqualTo(tests.size());
    Set<String> failed =
        result.getFailures().stream().map(ParallelTest::name).collect(toImmutableSet());
    assertWithMessage("blamed in round %s: %s", round, result.getFailures())
        .that(ImmutableSortedSet.copyOf(failed))
        .isEqualTo(ImmutableSortedSet.copyOf(LeakPlan.leaking()));
    for (Failure failure : result.getFailures()) {
      assertThat(failure.getException()).isInstanceOf(LeakError.class);
      assertThat(failure.getMessage()).doesNotContain("one of ");
      assertThat(failure.getMessage()).contains("started  by ");
    }
  }

  private static ImmutableSet<String> methods(Iterable<Class<?>> classes) {
    ImmutableSet.Builder<String> names = ImmutableSet.builder();
    for (Class<?> type : classes) {
      IntStream.range(0, 20).forEach(i -> names.add("%s.m%02d".formatted(type.getSimpleName(), i)));
    }
    return names.build();
  }

  private static String name(Failure failure) {
    return failure.getDescription().getTestClass().getSimpleName()
        + "."
        + failure.getDescription().getMethodName();
  }

  /** All methods of a class on one pool, as Surefire's {@code parallel=methods} does it. */
  private static final class OnEightThreads extends Computer implements AutoCloseable {
    private final ExecutorService pool = Executors.newFixedThreadPool(8);

    @Override
    protected Runner getRunner(RunnerBuilder builder, Class<?> testClass) throws Throwable {
      Runner runner = super.getRunner(builder, testClass);
      ((ParentRunner<?>) runner).setScheduler(new OnPool());
      return runner;
    }

    @Override
    public Runner getSuite(RunnerBuilder builder, Class<?>[] classes) throws InitializationError {
      return super.getSuite(builder, classes);
    }

    @Override
    public void close() {
      pool.shutdown();
    }

    private final class OnPool implements RunnerScheduler {
      private final LinkedBlockingQueue<Future<?>> scheduled = new LinkedBlockingQueue<>();

      @Override
      public void schedule(Runnable test) {
        scheduled.add(pool.submit(test));
      }

      @Override
      public void finished() {
        try {
          for (Future<?> test : scheduled) {
            test.get();
          }
        } catch (InterruptedException | ExecutionException e) {
          throw new AssertionError(e);
        }
      }
    }
  }
}
