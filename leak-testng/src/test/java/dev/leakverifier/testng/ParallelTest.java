package dev.leakverifier.testng;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.leakverifier.testing.LeakPlan;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.testng.ITestListener;
import org.testng.ITestResult;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.Test;
import org.testng.xml.XmlSuite.ParallelMode;

/** 200 tests on 8 threads, of which 20 leak: exactly these fail. */
public class ParallelTest {
  private static final int ROUNDS = Integer.getInteger("parallel.rounds", 1);
  private static final int THREADS = 8;
  private static final int LEAKS = 20;

  @AfterMethod(alwaysRun = true)
  public void endLeaks() {
    LeakPlan.endAll();
  }

  @Test
  public void blamesExactlyTheMethodsThatLeak() {
    blamesExactly(methods(), ParallelMode.METHODS, ParallelSamples.CLASSES);
  }

  @Test
  public void blamesExactlyTheMethodsThatLeakInParallelClasses() {
    blamesExactly(methods(), ParallelMode.CLASSES, ParallelSamples.CLASSES);
  }

  @Test
  public void blamesExactlyTheMethodsThatLeakInParallelInstances() {
    ImmutableSet<String> methods =
        names(IntStream.range(0, 10).mapToObj(i -> "Instances[" + i + "]").toList());
    blamesExactly(methods, ParallelMode.INSTANCES, ParallelSamples.Instances.class);
  }

  @Test
  public void blamesExactlyTheMethodsThatLeakInParallelTestTags() {
    for (int round = 0; round < ROUNDS; round++) {
      NestedRun run = NestedRun.ofSuite();
      for (Class<?> type : ParallelSamples.CLASSES) {
        run.test(type.getSimpleName(), type);
      }
      blamesExactly(methods(), ParallelMode.TESTS, run, round);
    }
  }

  @Test
  public void blamesExactlyTheRowsThatLeak() {
    ImmutableSet<String> rows =
        IntStream.range(0, 200).mapToObj(ParallelSamples.Rows::name).collect(toImmutableSet());
    blamesExactly(rows, ParallelMode.NONE, ParallelSamples.Rows.class);
  }

  private static ImmutableSet<String> methods() {
    return names(ParallelSamples.CLASSES.stream().map(Class::getSimpleName).toList());
  }

  private static ImmutableSet<String> names(Iterable<String> types) {
    ImmutableSet.Builder<String> names = ImmutableSet.builder();
    for (String type : types) {
      IntStream.range(0, 20).forEach(i -> names.add("%s.m%02d".formatted(type, i)));
    }
    return names.build();
  }

  private static void blamesExactly(
      ImmutableSet<String> tests, ParallelMode mode, Iterable<? extends Class<?>> classes) {
    for (int round = 0; round < ROUNDS; round++) {
      blamesExactly(
          tests,
          mode,
          NestedRun.of(ImmutableSet.<Class<?>>copyOf(classes).toArray(new Class<?>[0])),
          round);
    }
  }

  private static void blamesExactly(
      ImmutableSet<String> tests, ParallelMode mode, Class<?> testClass) {
    blamesExactly(tests, mode, ImmutableSet.<Class<?>>of(testClass));
  }

  private static void blamesExactly(
      ImmutableSet<String> tests, ParallelMode mode, NestedRun run, int round) {
    LeakPlan.draw(round, LEAKS, tests);
    Set<String> passed = ConcurrentHashMap.newKeySet();
    Map<String, Throwable> failed = new ConcurrentHashMap<>();
    run.xml(
            suite -> {
              suite.setParallel(mode);
              suite.setThreadCount(THREADS);
              suite.setDataProviderThreadCount(THREADS);
            })
        .parameter("leak.maxWait", "200ms")
        .listener(
            new ITestListener() {
              @Override
              public void onTestSuccess(ITestResult result) {
                passed.add(name(result));
              }

              @Override
              public void onTestFailure(ITestResult result) {
                failed.put(name(result), result.getThrowable());
              }
            })
        .run();
    LeakPlan.endAll();

    assertThat(tests).hasSize(200);
    assertThat(Sets.union(passed, failed.keySet())).isEqualTo(tests);
    assertWithMessage("blamed in round %s: %s", round, failed)
        .that(failed.keySet())
        .containsExactlyElementsIn(LeakPlan.leaking());
    failed.forEach(
        (name, error) -> {
          assertThat(error).hasMessageThat().doesNotContain("one of ");
          assertThat(error).hasMessageThat().contains("started  by ");
        });
  }

  private static String name(ITestResult result) {
    return result.getInstance() instanceof ParallelSamples.Twenty twenty
        ? twenty.name(result.getMethod().getMethodName())
        : ParallelSamples.Rows.name((int) result.getParameters()[0]);
  }
}
