package dev.leakverifier.junit4;

import static com.google.common.base.Throwables.getRootCause;
import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.LeakError;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.junit4.NestedRun.Outcome;
import dev.leakverifier.testing.ClassPath;
import dev.leakverifier.testing.ForkedJvm;
import dev.leakverifier.testing.Leaks;
import java.util.ArrayList;
import java.util.List;
import org.junit.After;
import org.junit.Assert;
import org.junit.Test;
import org.junit.runner.Description;
import org.junit.runner.Result;
import org.junit.runners.model.Statement;

public class LeakVerifierRuleTest {
  @After
  public void endSampleThreads() {
    Leaks.endAll();
  }

  @Test
  public void failsTheTestThatLeftAThreadAndNotTheOthers() {
    Outcome outcome = NestedRun.run(RuleSamples.OneOfThreeLeaks.class);

    assertThat(outcome.passed()).containsExactly("a", "c");
    assertThat(outcome.errors().keySet()).containsExactly("b");
    assertThat(outcome.error("b")).isInstanceOf(LeakError.class);
    assertThat(outcome.headline("b"))
        .isEqualTo(
            "1 thread leaked by RuleSamples.OneOfThreeLeaks.b (looked once, without waiting)");
  }

  @Test
  public void endsTheStarterStackAtTheTestMethod() {
    Throwable leak = NestedRun.run(RuleSamples.OneOfThreeLeaks.class).error("b");

    StackTraceElement[] starter = getRootCause(leak.getSuppressed()[0]).getStackTrace();
    assertThat(starter[starter.length - 1].toString())
        .startsWith("dev.leakverifier.junit4.RuleSamples$OneOfThreeLeaks.b(RuleSamples.java:");
  }

  @Test
  public void acceptsWhatAfterStops() {
    Outcome outcome =
        NestedRun.run(RuleSamples.StoppedInAfter.class, RuleSamples.OneOfThreeLeaks.class);

    assertThat(outcome.passed()).containsExactly("a", "c");
    assertThat(outcome.headline("b"))
        .startsWith("1 thread leaked by RuleSamples.OneOfThreeLeaks.b (");
  }

  @Test
  public void checksWhatAfterLeaves() {
    Outcome outcome = NestedRun.run(RuleSamples.LeftByAfter.class);

    assertThat(outcome.headline("a")).startsWith("1 thread leaked by RuleSamples.LeftByAfter.a");
  }

  @Test
  public void acceptsWhatAfterClassStopsWhereItIsAClassRule() {
    Outcome outcome =
        NestedRun.run(RuleSamples.StoppedInAfterClass.class, RuleSamples.LeftByClass.class);

    assertThat(outcome.errors().keySet()).containsExactly("LeftByClass");
    assertThat(outcome.headline("LeftByClass"))
        .startsWith("1 thread leaked by RuleSamples.LeftByClass (");
  }

  @Test
  public void failsTheClassWhereItIsAClassRule() {
    Outcome outcome = NestedRun.run(RuleSamples.LeftByClass.class);

    assertThat(outcome.passed()).containsExactly("a", "b");
    assertThat(outcome.headline("LeftByClass"))
        .startsWith("1 thread leaked by RuleSamples.LeftByClass (");
  }

  @Test
  public void failsTheSuiteWhereItIsAClassRuleOfASuite() {
    Outcome outcome = NestedRun.run(RuleSamples.WholeSuite.class);

    assertThat(outcome.passed()).containsExactly("leaks", "a");
    assertThat(outcome.headline("WholeSuite"))
        .startsWith("1 thread leaked by RuleSamples.WholeSuite (");
  }

  @Test
  public void keepsTheTestsOwnErrorAndAddsTheLeak() {
    Outcome outcome = NestedRun.run(RuleSamples.FailsByItself.class);

    assertThat(outcome.passed()).containsExactly("next");
    List<Throwable> errors = outcome.errors().get("failing");
    assertThat(errors).hasSize(2);
    assertThat(errors.get(0)).hasMessageThat().isEqualTo("my own");
    assertThat(errors.get(1)).isInstanceOf(LeakError.class);
  }

  @Test
  public void ignoresWhatATestBesideItWithoutARuleStarts() {
    Result result = RuleSamples.Neighbour.runBesideOneWithARule();

    assertThat(result.getRunCount()).isEqualTo(2);
    assertThat(result.getFailures()).isEmpty();
  }

  /** A limit: nothing then tells which of the two it was, and only one can be named. */
  @Test
  public void isBlamedForANeighbourWithoutARuleWhereOriginsAreNotRecorded() throws Exception {
    ForkedJvm.Ended jvm =
        ForkedJvm.run(
            ClassPath.ofTests(), List.of("-Dleak.origins=false"), RuleSamples.Neighbour.class);

    assertThat(jvm.out()).startsWith("1 thread leaked by RuleSamples.Beside.waits (");
  }

  @Test
  public void keepsASkippedTestSkipped() {
    Outcome outcome = NestedRun.run(RuleSamples.SkipsItself.class);

    assertThat(outcome.skipped()).containsExactly("skipping");
    assertThat(outcome.result().wasSuccessful()).isTrue();
  }

  @Test
  public void namesTheParametersAndFindsTheAnnotationOfAParameterizedTest() {
    Outcome outcome = NestedRun.run(RuleSamples.Rows.class);

    assertThat(outcome.errors().keySet()).containsExactly("pays[USD]");
    assertThat(outcome.headline("pays[USD]"))
        .startsWith("1 thread leaked by RuleSamples.Rows.pays[USD] (");
  }

  @Test
  public void readsIgnoreLeaks() {
    Outcome outcome = NestedRun.run(RuleSamples.Annotated.class);

    assertThat(outcome.passed()).containsExactly("a", "c", "e");
    assertThat(outcome.errors().keySet()).containsExactly("b", "d");
    assertThat(outcome.headline("d")).contains("function (\"run\") must be");
  }

  @Test
  public void checksATestThatRunsOnAThreadOfItsOwn() {
    Outcome outcome = NestedRun.run(RuleSamples.WithTimeout.class);

    assertThat(outcome.passed()).containsExactly("passes");
    assertThat(outcome.errors().keySet()).containsExactly("leaks");
  }

  @Test
  public void reportsAThreadOnceThoughTwoRulesSeeIt() {
    Outcome outcome = NestedRun.run(RuleSamples.BothRules.class);

    assertThat(outcome.errors().keySet()).containsExactly("a");
  }

  @Test
  public void acceptsWhatARuleAroundItStops() {
    Outcome outcome = NestedRun.run(RuleSamples.InsideAnotherRule.class);

    assertThat(outcome.passed()).containsExactly("passes");
    assertThat(outcome.errors().keySet()).containsExactly("leaks");
    assertThat(outcome.errors().get("leaks")).hasSize(1);
  }

  @Test
  public void acceptsWhatARuleInsideItStops() {
    Outcome outcome = NestedRun.run(RuleSamples.AroundAnotherRule.class);

    assertThat(outcome.passed()).containsExactly("passes");
  }

  @Test
  public void blamesNoTestForItsClassWhereOneRuleServesAllTests() {
    Outcome outcome = NestedRun.run(RuleSamples.OneRuleForAll.class);

    assertThat(outcome.passed()).containsExactly("a", "b");
    assertThat(outcome.result().wasSuccessful()).isTrue();
  }

  @Test
  public void blamesATestForWhatItsConstructorRunsThoughItIsNotRecordedWhoStartsThreads() {
    System.setProperty("leak.origins", "false");
    try {
      Outcome outcome = NestedRun.run(RuleSamples.ConstructorLeaves.class);

      assertThat(outcome.headline("a"))
          .startsWith("1 thread leaked by RuleSamples.ConstructorLeaves.a");
    } finally {
      System.clearProperty("leak.origins");
    }
  }

  @Test
  public void waitsThoughTheTestLeftAnInterruptBehind() {
    Outcome outcome = NestedRun.run(RuleSamples.LeavesTheInterrupt.class);

    assertThat(outcome.passed()).containsExactly("stopsItsThread");
  }

  @Test
  public void failsTheTestWithTheErrorOfAPredicateThatThrows() {
    Outcome outcome = NestedRun.run(RuleSamples.Predicate.class);

    assertThat(outcome.error("a")).isInstanceOf(IllegalStateException.class);
    assertThat(outcome.error("a")).hasCauseThat().hasMessageThat().isEqualTo("my predicate");
  }

  @Test
  public void failsTheTestWithTheMessageOfABadSetting() {
    System.setProperty("leak.maxWait", "soon");
    try {
      Outcome outcome = NestedRun.run(RuleSamples.OneOfThreeLeaks.class);

      assertThat(outcome.headline("a"))
          .isEqualTo(
              "leak.maxWait = \"soon\" (system property) must be a duration such as 750ms, 2s or"
                  + " PT2S");
    } finally {
      System.clearProperty("leak.maxWait");
    }
  }

  @Test
  public void checksNothingWhenSwitchedOff() {
    System.setProperty("leak.enabled", "false");
    try {
      assertThat(NestedRun.run(RuleSamples.OneOfThreeLeaks.class).passed())
          .containsExactly("a", "b", "c");
    } finally {
      System.clearProperty("leak.enabled");
    }
  }

  @Test
  @SuppressWarnings("NullAway") // what a user can do
  public void namesTheOptionThatIsNull() {
    NullPointerException error =
        Assert.assertThrows(
            NullPointerException.class,
            () -> LeakVerifierRule.verifyNone(LeakVerifier.runOnFailure(), null));
    assertThat(error).hasMessageThat().isEqualTo("options[1]");
  }

  @Test
  public void runsTheCleanupEvenWhenTheTestFails() {
    List<Integer> exitCodes = new ArrayList<>();
    LeakVerifierRule rule = LeakVerifierRule.verifyNone(LeakVerifier.cleanup(exitCodes::add));
    Statement failing =
        rule.apply(
            new Statement() {
              @Override
              public void evaluate() {
                throw new IllegalArgumentException("my own");
              }
            },
            Description.createTestDescription(RuleSamples.Plain.class, "leaks"));

    Assert.assertThrows(IllegalArgumentException.class, failing::evaluate);
    assertThat(exitCodes).containsExactly(1);
  }
}
