package dev.leakverifier.junit4;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableList;
import dev.leakverifier.LeakError;
import dev.leakverifier.junit4.NestedRun.Outcome;
import dev.leakverifier.testing.Leaks;
import dev.leakverifier.testing.LogCapture;
import java.util.Arrays;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.Result;
import org.junit.runner.notification.Failure;

public class LeakVerifierRunListenerTest {
  @Before
  public void lookOnce() {
    System.setProperty("leak.maxWait", "0s");
  }

  @After
  public void endSampleThreads() {
    Leaks.endAll();
    System.clearProperty("leak.maxWait");
    System.clearProperty("leak.runOnFailure");
  }

  @Test
  public void failsTheRunAndNamesTheTests() {
    Outcome outcome = run(RuleSamples.Plain.class, ArticleSamples.Unchecked.class);

    assertThat(outcome.passed()).containsExactly("leaks", "testSomething");
    Throwable error = outcome.error("Test mechanism");
    assertThat(error).hasMessageThat().contains("1 thread leaked by RuleSamples.Plain.leaks (");
    assertThat(error)
        .hasMessageThat()
        .contains("\n\n1 thread leaked by ArticleSamples.Unchecked.testSomething (");
    assertThat(Arrays.stream(error.getSuppressed()).map(Throwable::getClass).distinct().toList())
        .containsExactly(LeakError.class);
  }

  @Test
  public void printsEachReportOnceInTheMessageAndOnceInTheTrace() {
    Throwable error =
        run(RuleSamples.Plain.class, ArticleSamples.Unchecked.class).error("Test mechanism");

    assertThat(String.valueOf(error.getMessage()).split("thread leaked by RuleSamples.Plain", -1))
        .hasLength(2);
    String trace = Throwables.getStackTraceAsString(error);
    assertThat(trace.split("thread leaked by RuleSamples.Plain", -1)).hasLength(2);
    assertThat(trace.split("thread leaked by ArticleSamples.Unch", -1)).hasLength(2);
  }

  @Test
  public void passesWhereAfterClassStopsTheThreads() {
    Outcome outcome = run(RuleSamples.StoppedInAfterClass.class, RuleSamples.Plain.class);

    assertThat(outcome.passed()).containsExactly("a", "leaks");
    assertThat(outcome.headline("Test mechanism"))
        .startsWith("1 thread leaked by RuleSamples.Plain.leaks (");
  }

  @Test
  public void looksAtAFailedRunOnlyWhenAsked() {
    try (LogCapture log = LogCapture.start()) {
      assertThat(run(RuleSamples.Fails.class, RuleSamples.Plain.class).errors().keySet())
          .containsExactly("failing");
      assertThat(log.messages("WARN", LeakVerifierRunListener.class.getName()))
          .containsExactly(
              "not checked for leaked threads, since tests failed: RuleSamples.Fails.failing;"
                  + " leak.runOnFailure=true checks anyway");
    }
    Leaks.endAll();

    System.setProperty("leak.runOnFailure", "true");
    assertThat(run(RuleSamples.Fails.class, RuleSamples.Plain.class).errors().keySet())
        .containsExactly("failing", "Test mechanism");
  }

  /** As Surefire does, which makes a run of its own of it where tests run in parallel. */
  @Test
  public void looksAtARunWhoseFailedTestsHavePassedWhenTheyRanAgain() {
    RuleSamples.FailsOnce.failed = false;
    JUnitCore junit = new JUnitCore();
    junit.addListener(new LeakVerifierRunListener());

    Result first = junit.run(RuleSamples.FailsOnce.class, RuleSamples.Plain.class);
    assertThat(first.getFailures().stream().map(Failure::getMessage).toList())
        .containsExactly("my own");

    Result again = junit.run(Request.method(RuleSamples.FailsOnce.class, "failing"));
    assertThat(again.getFailures()).hasSize(1);
    assertThat(again.getFailures().get(0).getMessage())
        .startsWith("1 thread leaked by RuleSamples.Plain.leaks (");

    assertThat(junit.run(RuleSamples.FailsOnce.class).wasSuccessful()).isTrue();
  }

  @Test
  public void countsAClassThatFailedOnlyOnce() {
    RuleSamples.ClassFailsOnce.failed = false;
    JUnitCore junit = new JUnitCore();
    junit.addListener(new LeakVerifierRunListener());

    assertThat(junit.run(RuleSamples.ClassFailsOnce.class).getFailures()).hasSize(1);
    Result again = junit.run(RuleSamples.ClassFailsOnce.class);

    assertThat(again.getFailures().get(0).getMessage())
        .startsWith("1 thread leaked by RuleSamples.ClassFailsOnce.leaks (");
  }

  @Test
  public void failsNoLaterRunForWhatWentWrongInThisOne() {
    JUnitCore junit = new JUnitCore();
    junit.addListener(new LeakVerifierRunListener());

    Result wrong = junit.run(Request.method(RuleSamples.IgnoresWrongly.class, "leaks"));
    assertThat(wrong.getFailures()).hasSize(1);
    assertThat(wrong.getFailures().get(0).getMessage()).contains("function (\"run\") must be");
    Leaks.endAll();

    Result later = junit.run(Request.method(RuleSamples.IgnoresWrongly.class, "works"));
    assertThat(later.getFailures()).isEmpty();
    assertThat(later.getRunCount()).isEqualTo(1);
  }

  @Test
  public void stopsTheRunWhenASettingIsBad() {
    System.setProperty("leak.maxWait", "soon");
    Outcome outcome = run(RuleSamples.Plain.class);

    assertThat(outcome.headline("Test mechanism")).startsWith("leak.maxWait = \"soon\" (system");
  }

  /** A limit: JUnit runs these to make the runner, which it does before it starts the run. */
  @Test
  public void doesNotSeeWhatParametersStart() {
    Outcome outcome = run(RuleSamples.ParametersLeak.class, RuleSamples.Plain.class);

    assertThat(outcome.headline("Test mechanism"))
        .startsWith("1 thread leaked by RuleSamples.Plain.leaks (");
  }

  private static Outcome run(Class<?>... classes) {
    return NestedRun.run(ImmutableList.of(new LeakVerifierRunListener()), classes);
  }
}
