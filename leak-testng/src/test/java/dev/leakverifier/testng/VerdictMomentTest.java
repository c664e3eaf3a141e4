package dev.leakverifier.testng;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Map.entry;

import dev.leakverifier.testing.Leaks;
import dev.leakverifier.testng.NestedRun.Outcome;
import org.testng.ITestResult;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.Test;

/** What is retried, depended upon, allowed to fail or parallel has the verdict fall elsewhere. */
public class VerdictMomentTest {
  @AfterMethod
  public void endSampleThreads() {
    Leaks.endAll();
  }

  @Test
  public void namesTheAttemptThatLeaked() {
    Outcome outcome = NestedRun.of(MomentSamples.Retried.class).run();

    assertThat(outcome.headlines())
        .containsExactly(
            "1 thread leaked by MomentSamples.Retried.leaksAndPasses (looked once, without"
                + " waiting)",
            "1 thread leaked by MomentSamples.Retried.leaksFirst, attempt 1 (looked once, without"
                + " waiting)",
            "1 thread leaked by MomentSamples.Retried.leaksLast, attempt 2 (looked once, without"
                + " waiting)");
    assertThat(outcome.messages().get(1))
        .contains(
            "\n\nthat attempt failed with java.lang.IllegalArgumentException: the first attempt,"
                + " and the test was retried");
    assertThat(outcome.messages().get(2)).doesNotContain("that attempt");
    assertThat(outcome.exitCode()).isEqualTo(3); // some tests failed, and some were skipped
  }

  @Test
  public void countsTheAttemptsOfEachRow() {
    Outcome outcome = NestedRun.of(MomentSamples.RetriedRows.class).run();

    assertThat(
            outcome.headlines().stream()
                .filter(line -> line.contains("leaked by"))
                .map(line -> line.replaceFirst(" \\(looked.*", "")))
        .containsExactly(
            "1 thread leaked by MomentSamples.RetriedRows.row(one), attempt 1",
            "1 thread leaked by MomentSamples.RetriedRows.row(one), attempt 2",
            "1 thread leaked by MomentSamples.RetriedRows.row(one), attempt 3",
            "1 thread leaked by MomentSamples.RetriedRows.row(two), attempt 1",
            "1 thread leaked by MomentSamples.RetriedRows.row(two), attempt 2",
            "1 thread leaked by MomentSamples.RetriedRows.row(two), attempt 3")
        .inOrder();
  }

  @Test
  public void runsTheTestsThatDependOnOnesThatLeak() {
    for (String scope : new String[] {"auto", "method", "class"}) {
      Outcome outcome = NestedRun.of(DependentSample.class).parameter("leak.scope", scope).run();

      assertThat(outcome.failed()).containsExactly("parent", "inAGroup");
      assertThat(outcome.passed()).containsExactly("plain", "child", "childOfAGroup");
      Leaks.endAll();
    }
  }

  @Test
  public void failsALeakThoughItsTestMayFailNowAndThen() {
    Outcome outcome = NestedRun.of(MomentSamples.WithinSuccessPercentage.class).run();

    assertThat(outcome.told(ITestResult.SUCCESS_PERCENTAGE_FAILURE))
        .containsExactly("fails", "leaksAndFails");
    assertThat(outcome.told(ITestResult.FAILURE)).containsExactly("leaks", "leaksAndFails");
    assertThat(outcome.headlines())
        .containsExactly(
            "1 thread leaked by MomentSamples.WithinSuccessPercentage.leaks (looked once, without"
                + " waiting)",
            "1 thread leaked by MomentSamples.WithinSuccessPercentage.leaksAndFails (looked once,"
                + " without waiting)");
    assertThat(outcome.exitCode() & 1).isEqualTo(1);
  }

  @Test
  public void judgesTheWholeSuiteAtTheEndOfATestTagWhereOneTestRunsOnSeveralThreads() {
    Outcome outcome =
        NestedRun.of(MomentSamples.OneOnSeveralThreads.class)
            .parameter("leak.maxWait", "1s") // TestNG's own workers may just be ending
            .run();

    assertThat(outcome.tellings())
        .containsExactly(
            entry("a", ITestResult.SUCCESS),
            entry("b", ITestResult.SUCCESS),
            entry("b", ITestResult.SUCCESS),
            entry("c", ITestResult.SUCCESS),
            entry("a", ITestResult.FAILURE))
        .inOrder();
  }

  /** TestNG finds a data provider only when its test comes to run. */
  @Test
  public void judgesOnlyRowsAtTheEndOfATestTagWhereTheseRunInParallel() {
    Outcome outcome =
        NestedRun.of(MomentSamples.OneWithParallelRows.class).parameter("leak.maxWait", "1s").run();

    assertThat(outcome.tellings().get(0)).isEqualTo(entry("a", ITestResult.FAILURE));
    assertThat(outcome.tellings().subList(1, 3))
        .containsExactly(
            entry("b[leaks]", ITestResult.SUCCESS), entry("b[passes]", ITestResult.SUCCESS));
    assertThat(outcome.tellings().subList(3, 5))
        .containsExactly(entry("c", ITestResult.SUCCESS), entry("b[leaks]", ITestResult.FAILURE))
        .inOrder();
  }
}
