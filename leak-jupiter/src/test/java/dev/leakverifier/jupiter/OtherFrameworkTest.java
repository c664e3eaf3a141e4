package dev.leakverifier.jupiter;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.junit4.LeakVerifierRule;
import dev.leakverifier.junit4.LeakVerifierRunListener;
import dev.leakverifier.jupiter.NestedRun.Outcome;
import dev.leakverifier.testing.Leaks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.runner.JUnitCore;
import org.junit.runner.Result;

/** What Jupiter or JUnit 4 would pass over in silence, since it is the other's. */
final class OtherFrameworkTest {
  private static final String NO_RULES =
      "a LeakVerifierRule checks nothing in a test of JUnit Jupiter, which knows no rules: add"
          + " leak-jupiter, and write @ExtendWith(LeakVerifierExtension.class) on the class";

  @BeforeEach
  void lookAtTheNextRuleSinceNobodyAppliesThisOne() {
    var unused = LeakVerifierRule.verifyNone();
  }

  @AfterEach
  void endLeaks() {
    Leaks.endAll();
  }

  @Test
  void aRuleInATestOfJupiterIsRefused() {
    Outcome outcome = NestedRun.run(OtherFrameworkSamples.WithRule.class);

    assertThat(outcome.error("leaks")).hasMessageThat().isEqualTo(NO_RULES);
  }

  @Test
  void aClassRuleInATestOfJupiterIsRefused() {
    Outcome outcome = NestedRun.run(OtherFrameworkSamples.WithClassRule.class);

    assertThat(outcome.error("leaks")).hasCauseThat().hasMessageThat().isEqualTo(NO_RULES);
  }

  @Test
  void aRuleThatABaseClassMakesInAMethodIsRefused() {
    Outcome outcome = NestedRun.run(OtherFrameworkSamples.AroundWithRule.class);

    assertThat(outcome.error("leaks")).hasMessageThat().isEqualTo(NO_RULES);
  }

  @Test
  void aTestOfJUnit4ThatATestOfJupiterMakesOrRunsIsChecked() {
    System.setProperty("leak.maxWait", "0s");
    try {
      var unused = new OtherFrameworkSamples.OfJUnit4();
      Result result = JUnitCore.runClasses(OtherFrameworkSamples.OfJUnit4.class);

      assertThat(result.getFailures()).hasSize(1);
      assertThat(result.getFailures().get(0).getMessage())
          .startsWith("1 thread leaked by OtherFrameworkSamples.OfJUnit4.leaks ");
    } finally {
      System.clearProperty("leak.maxWait");
    }
  }

  @Test
  void anExtensionOnATestOfJUnit4IsRefused() {
    JUnitCore junit = new JUnitCore();
    junit.addListener(new LeakVerifierRunListener());
    Result result = junit.run(OtherFrameworkSamples.OfJUnit4WithExtension.class);

    assertThat(result.getFailures()).hasSize(1);
    assertThat(result.getFailures().get(0).getMessage())
        .isEqualTo(
            "LeakVerifierExtension checks nothing on"
                + " dev.leakverifier.jupiter.OtherFrameworkSamples$OfJUnit4WithExtension, since"
                + " JUnit 4 runs it: remove it there, or write the tests for JUnit Jupiter");
  }
}
