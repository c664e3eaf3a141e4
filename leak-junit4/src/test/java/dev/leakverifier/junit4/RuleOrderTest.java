package dev.leakverifier.junit4;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.LeakError;
import dev.leakverifier.junit4.NestedRun.Outcome;
import dev.leakverifier.testing.Leaks;
import dev.leakverifier.testing.LogCapture;
import java.util.List;
import org.junit.After;
import org.junit.Test;

/** Other rules of the test class stand around ours: they stop threads after it, or hide errors. */
public class RuleOrderTest {
  private final LogCapture log = LogCapture.start();

  @After
  public void endSampleThreads() {
    log.close();
    Leaks.endAll();
  }

  @Test
  public void judgesWhenAResourceAroundItIsOver() {
    Outcome outcome = NestedRun.run(OrderSamples.StoppedByAResource.class);

    assertThat(outcome.passed()).containsExactly("stopped", "alsoStopped");
    assertThat(headlines(outcome, "left"))
        .containsExactly(
            "1 thread leaked by OrderSamples.StoppedByAResource.left (looked once, without"
                + " waiting)");
    assertThat(headlines(outcome, "stoppedAndFails")).containsExactly("my own");
    assertThat(headlines(outcome, "leftAndFails"))
        .containsExactly(
            "my own",
            "1 thread leaked by OrderSamples.StoppedByAResource.leftAndFails (looked once, without"
                + " waiting)")
        .inOrder();
    assertThat(outcome.skipped()).containsExactly("leftAndSkipped");
  }

  @Test
  public void saysOnceForAClassThatItsCheckWaitsInVain() {
    NestedRun.run(OrderSamples.SaidOnce.class);

    ImmutableList<String> vain =
        warnings().stream().filter(line -> line.contains(" in vain")).collect(toImmutableList());
    assertThat(vain).hasSize(1);
    assertThat(vain.get(0))
        .matches(
            "OrderSamples\\.SaidOnce\\.\\w+ leaks nothing, but its check waited in vain, and rules"
                + " outside it saw a failure");
    assertThat(log.lines())
        .containsAtLeast(
            "rules outside this check: workers (Workers); what they stop, they stop after it",
            "@Rule(order = Integer.MIN_VALUE) puts it outside them")
        .inOrder();
  }

  @Test
  public void losesNothingThoughARuleAroundItThrowsAfterwards() {
    Outcome outcome = NestedRun.run(OrderSamples.FailsToStop.class);

    assertThat(headlines(outcome, "stopped")).containsExactly("of after()");
    assertThat(headlines(outcome, "left"))
        .containsExactly(
            "1 thread leaked by OrderSamples.FailsToStop.left (looked once, without waiting)",
            "of after()");
  }

  @Test
  public void judgesAClassWhenAResourceAroundItIsOver() {
    Outcome outcome = NestedRun.run(OrderSamples.ClassResource.class);

    assertThat(outcome.result().wasSuccessful()).isTrue();
    assertThat(warnings())
        .contains(
            "OrderSamples.ClassResource leaks nothing, but its check waited in vain, and rules"
                + " outside it saw a failure");
    assertThat(log.lines()).contains("@ClassRule(order = Integer.MIN_VALUE) puts it outside them");
  }

  @Test
  public void showsRulesAroundItNoFailureWhereItOnlyWarns() {
    Outcome outcome = NestedRun.run(OrderSamples.OnlyWarns.class);

    assertThat(outcome.passed()).containsExactly("stopped");
    assertThat(OrderSamples.OnlyWarns.SEEN).isEmpty();
    assertThat(log.lines().stream().filter(line -> line.contains("1 thread leaked by"))).hasSize(1);
  }

  /** It looks only after a test that did not throw; so to throw first and then let go hides it. */
  @Test
  public void keepsWhatACollectorAroundItWouldReport() {
    Outcome outcome = NestedRun.run(OrderSamples.InsideACollector.class);

    assertThat(outcome.errors().keySet()).containsExactly("failsInTheEnd");
    assertThat(outcome.error("failsInTheEnd"))
        .hasMessageThat()
        .contains(
            "\n\nrules outside this check: workers (Workers); what they stop, they stop after it\n"
                + "@Rule(order = Integer.MIN_VALUE) puts it outside them");
  }

  @Test
  public void namesTheRulesAroundItThatMayStopThreads() {
    Outcome outcome = NestedRun.run(OrderSamples.InsideRulesOfItsOwn.class);

    assertThat(outcome.error("leaks"))
        .hasMessageThat()
        .contains(
            "\nrules outside this check: workers() (Workers), a rule of OrderSamples, server (Server);"
                + " what they stop, they stop after it\n");
    assertThat(warnings())
        .containsExactly(
            "also logged, since a rule outside may swallow it: 1 thread leaked by"
                + " OrderSamples.InsideRulesOfItsOwn.leaks (looked once, without waiting)");
  }

  @Test
  public void saysNothingOfRulesThatStopNoThreads() {
    Outcome outcome = NestedRun.run(OrderSamples.InsideHarmlessRules.class);

    assertThat(outcome.error("leaks")).isInstanceOf(LeakError.class);
    assertThat(outcome.error("leaks")).hasMessageThat().doesNotContain("around");
    assertThat(warnings()).isEmpty();
  }

  @Test
  public void namesTheKindsOfRulesInAChain() {
    Outcome outcome = NestedRun.run(OrderSamples.InsideAChain.class);

    assertThat(outcome.error("leaks"))
        .hasMessageThat()
        .contains("\nrules outside this check: ExternalResource, TestWatcher; what they stop");
  }

  @Test
  public void logsWhatATimeoutAroundItMayHide() {
    Outcome outcome = NestedRun.run(OrderSamples.InsideATimeout.class);

    assertThat(headlines(outcome, "leaks")).hasSize(1);
    assertThat(warnings()).hasSize(1);
  }

  @Test
  public void logsTheReportBeforeAnExpectedExceptionCanSwallowIt() {
    Outcome outcome = NestedRun.run(OrderSamples.ExpectsAnything.class);

    assertThat(outcome.passed()).containsExactly("swallowed"); // this rule takes it for its own
    assertThat(headlines(outcome, "expectsNothing")).hasSize(1);
    assertThat(warnings())
        .containsExactly(
            "also logged, since a rule outside may swallow it: 1 thread leaked by"
                + " OrderSamples.ExpectsAnything.swallowed (looked once, without waiting)",
            "also logged, since a rule outside may swallow it: 1 thread leaked by"
                + " OrderSamples.ExpectsAnything.expectsNothing (looked once, without waiting)");
    assertThat(log.lines()).contains("1) waits in vain   \"left\"   WAITING");
  }

  @Test
  public void logsTheReportOfATestThatAlsoFails() {
    Outcome outcome = NestedRun.run(OrderSamples.BesidesItsOwnFailure.class);

    assertThat(outcome.errors().get("fails")).hasSize(2);
    assertThat(warnings()).hasSize(1);
  }

  @Test
  public void judgesAtOnceWhereARunnerWouldNotAskForTheVerdict() {
    Outcome outcome = NestedRun.run(OrderSamples.InTheory.class);

    assertThat(outcome.error("stopped"))
        .hasCauseThat()
        .hasMessageThat()
        .contains("\nrules outside this check: workers (Workers); what they stop, they stop after");
  }

  @Test
  public void standsAroundAllOthersWithTheLineThatTheReadmeShows() {
    Outcome outcome = NestedRun.run(OrderSamples.AroundAll.class);

    assertThat(outcome.passed()).containsExactly("stopped");
    assertThat(headlines(outcome, "left")).hasSize(1);
    assertThat(warnings()).isEmpty();
  }

  private ImmutableList<String> warnings() {
    return log.messages("WARN", LeakVerifierRule.class.getName());
  }

  private static List<String> headlines(Outcome outcome, String test) {
    return outcome.errors().get(test).stream().map(Outcome::headline).toList();
  }
}
