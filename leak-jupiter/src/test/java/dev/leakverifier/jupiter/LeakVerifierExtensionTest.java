package dev.leakverifier.jupiter;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.leakverifier.LeakError;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.jupiter.NestedRun.Outcome;
import dev.leakverifier.testing.Leaks;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

final class LeakVerifierExtensionTest {
  private static final Map<String, String> AT_ONCE = Map.of("leak.maxWait", "0s");
  private static final String ENGINE = "JUnit Jupiter";

  @AfterEach
  void endLeaks() {
    Leaks.endAll();
  }

  private static Outcome run(Class<?>... classes) {
    return NestedRun.run(AT_ONCE, classes);
  }

  private static void assertSilent(Outcome outcome, String... passed) {
    assertThat(NestedRun.headlines(outcome)).isEmpty();
    assertThat(outcome.passed()).containsExactlyElementsIn(passed);
  }

  @Test
  void failsExactlyTheTestThatLeaks() {
    Outcome outcome = run(ExtensionSamples.OneOfThreeLeaks.class);

    assertThat(outcome.passed()).containsExactly("a", "c");
    assertThat(outcome.errors().keySet()).containsExactly("b");
    assertThat(outcome.error("b")).isInstanceOf(LeakError.class);
    assertThat(outcome.headline("b"))
        .isEqualTo("1 thread leaked by ExtensionSamples.OneOfThreeLeaks.b");
  }

  @Test
  void checksOnceWhereItIsRegisteredTwiceAndAddsTheOptions() {
    Outcome outcome =
        NestedRun.run(
            Map.of("leak.maxWait", "0s", "junit.jupiter.extensions.autodetection.enabled", "true"),
            ExtensionSamples.RegisteredTwice.class);

    assertThat(outcome.passed()).containsExactly("ignored");
    assertThat(outcome.errors().keys()).containsExactly("leaks");
  }

  @Test
  void registersItselfWhereJUnitIsAskedToLookForExtensions() {
    Outcome outcome =
        NestedRun.run(
            Map.of("leak.maxWait", "0s", "junit.jupiter.extensions.autodetection.enabled", "true"),
            ExtensionSamples.NotRegistered.class);

    assertThat(outcome.errors().keySet()).containsExactly("leaks");
  }

  @Test
  void checksAfterAfterEachAndAutoClose() {
    assertSilent(run(ExtensionSamples.StoppedInAfterEach.class), "uses");
  }

  @Test
  void blamesTheTestWhoseInstanceWasMade() {
    Outcome outcome = run(ExtensionSamples.ConstructorLeaks.class);

    assertThat(NestedRun.headlines(outcome))
        .containsExactly("1 thread leaked by ExtensionSamples.ConstructorLeaks.blamed");
  }

  @Test
  void waitsForAfterAll() {
    assertSilent(run(ExtensionSamples.StoppedInAfterAll.class), "startsWorker");
  }

  @Test
  void namesTheTestWhereTheClassHasFailed() {
    Outcome outcome = run(ExtensionSamples.ForgottenInAfterAll.class);

    assertThat(outcome.errors().keySet()).containsExactly("ForgottenInAfterAll");
    assertThat(outcome.headline("ForgottenInAfterAll"))
        .isEqualTo("1 thread leaked by ExtensionSamples.ForgottenInAfterAll.forgets");
  }

  @Test
  void namesTheFixtureThatLeaks() {
    Outcome outcome =
        run(ExtensionSamples.BeforeAllLeaks.class, ExtensionSamples.AfterAllLeaks.class);

    assertThat(outcome.headline("BeforeAllLeaks"))
        .isEqualTo("1 thread leaked by @BeforeAll ExtensionSamples.BeforeAllLeaks.connects");
    assertThat(outcome.headline("AfterAllLeaks"))
        .isEqualTo("1 thread leaked by @AfterAll ExtensionSamples.AfterAllLeaks.disconnects");
    assertThat(outcome.passed()).containsExactly("innocent");
  }

  @Test
  void checksAfterStaticFieldsWereClosed() {
    assertSilent(run(ExtensionSamples.StaticAutoClose.class), "starts");
  }

  @Test
  void anInstanceForAllTestsMayStopItsThreadsInTheEnd() {
    Outcome outcome = run(ExtensionSamples.PerClass.class);

    assertThat(outcome.errors().keySet()).containsExactly("PerClass");
    assertThat(outcome.headline("PerClass"))
        .isEqualTo("1 thread leaked by ExtensionSamples.PerClass.leaks");
  }

  @Test
  void teardownsOfOuterClassesStopThreadsOfInnerTests() {
    Outcome outcome = run(ExtensionSamples.Outer.class);

    assertThat(outcome.passed()).containsExactly("silent");
    assertThat(outcome.errors().keySet()).containsExactly("leaks");
    assertThat(outcome.headline("leaks"))
        .isEqualTo("1 thread leaked by ExtensionSamples.Outer.Inner.leaks");
    assertSilent(run(ExtensionSamples.OuterAfterAll.class), "starts");
  }

  @Test
  void namesTheInvocation() {
    Outcome outcome = run(ExtensionSamples.Invocations.class);

    assertThat(NestedRun.headlines(outcome))
        .containsExactly(
            "1 thread leaked by ExtensionSamples.Invocations.pays [2] \"USD\"",
            "1 thread leaked by ExtensionSamples.Invocations.repeats repetition 2 of 2");
    assertThat(outcome.errors()).hasSize(2);
  }

  @Test
  void failsTheFactoryOfADynamicTestAndNamesIt() {
    Outcome outcome = run(ExtensionSamples.Dynamic.class);

    assertThat(outcome.errors().keySet()).containsExactly("makes");
    assertThat(outcome.headline("makes"))
        .isEqualTo("1 thread leaked by ExtensionSamples.Dynamic.makes: guilty");
  }

  @Test
  void namesTheTestOfAClassWithParameters() {
    Outcome outcome = run(ExtensionSamples.OfParameters.class);

    assertThat(NestedRun.headlines(outcome))
        .containsExactly("1 thread leaked by ExtensionSamples.OfParameters.leaksOnce");
  }

  @Test
  void keepsTheTestsOwnFailureFirst() {
    Outcome outcome = run(ExtensionSamples.OwnEnds.class);

    assertThat(outcome.error("fails")).hasMessageThat().isEqualTo("its own");
    assertThat(outcome.error("fails").getSuppressed()[0]).isInstanceOf(LeakError.class);
    assertThat(outcome.error("aborts")).isInstanceOf(LeakError.class);
    assertThat(
            List.of(outcome.error("aborts").getSuppressed()).stream()
                .anyMatch(TestAbortedException.class::isInstance))
        .isTrue();
    assertThat(outcome.skipped()).containsExactly("disabled");
  }

  @Test
  void seesTestsThatRunInAThreadOfTheirOwn() {
    Outcome outcome = NestedRun.run(ExtensionSamples.InOtherThread.class);

    assertThat(NestedRun.headlines(outcome))
        .containsExactly("1 thread leaked by ExtensionSamples.InOtherThread.leaks");
    assertThat(outcome.passed()).containsExactly("silent", "silentOnItsOwn");
  }

  @Test
  void readsIgnoreLeaksOfMethodClassAndOuterClass() {
    Outcome outcome = run(ExtensionSamples.Ignores.class);

    assertThat(outcome.errors().keySet()).containsExactly("leaks");
    assertThat(outcome.passed()).containsExactly("ofClass", "notChecked", "ofOuterClass");
  }

  @Test
  void checksAfterOtherExtensionsInWhateverOrderTheyAreRegistered() {
    assertSilent(run(ExtensionSamples.OthersFirst.class), "one", "two");
    assertSilent(run(ExtensionSamples.OthersLast.class), "one", "two");
  }

  @Test
  void failsTheRunWhereOtherExtensionsCouldHaveStoppedTheThread() {
    Outcome outcome = run(ExtensionSamples.LeaksBesideOthers.class);

    assertThat(outcome.errors().keySet()).containsExactly(ENGINE);
    assertThat(outcome.headline(ENGINE))
        .isEqualTo("1 thread leaked by ExtensionSamples.LeaksBesideOthers.leaks");
  }

  @Test
  void failsTheTestWhereOtherExtensionsHaveNothingLeftToStop() {
    Outcome outcome = run(ExtensionSamples.LeaksBesideExtensionOfTest.class);

    assertThat(outcome.passed()).containsExactly("silent");
    assertThat(outcome.errors().keySet()).containsExactly("leaks");
  }

  @Test
  void waitsForWhatOtherExtensionsHaveStored() {
    Outcome ofClass = run(ExtensionSamples.UsesPoolOfClass.class);
    Outcome ofRun = run(ExtensionSamples.UsesPoolOfRun.class);

    assertThat(ofClass.errors().keySet()).containsExactly("UsesPoolOfClass");
    assertThat(ofClass.headline("UsesPoolOfClass"))
        .isEqualTo("1 thread leaked by ExtensionSamples.UsesPoolOfClass.leaks");
    assertThat(ofRun.errors().keySet()).containsExactly(ENGINE);
    assertThat(ofRun.headline(ENGINE))
        .isEqualTo("1 thread leaked by ExtensionSamples.UsesPoolOfRun.leaks");
  }

  @Test
  void refusesOptionsThatConcernTheWholeRun() {
    IllegalArgumentException cleanup =
        assertThrows(
            IllegalArgumentException.class,
            () -> LeakVerifierExtension.verifyNone(LeakVerifier.cleanup(exitCode -> {})));
    IllegalArgumentException runOnFailure =
        assertThrows(
            IllegalArgumentException.class,
            () -> LeakVerifierExtension.verifyNone(LeakVerifier.runOnFailure()));

    assertThat(cleanup)
        .hasMessageThat()
        .isEqualTo(
            "LeakVerifierExtension.verifyNone(...) does not take cleanup(exitCode): call it in a"
                + " teardown");
    assertThat(runOnFailure)
        .hasMessageThat()
        .isEqualTo(
            "LeakVerifierExtension.verifyNone(...) does not take runOnFailure(): set"
                + " leak.runOnFailure=true");
  }

  @Test
  void waitsForThreadsThatAreEnding() {
    assertSilent(NestedRun.run(ExtensionSamples.Ends.class), "endsByItself");
  }

  @Test
  void theScopeSaysWhenTheVerdictFalls() {
    Outcome method =
        NestedRun.run(
            Map.of("leak.maxWait", "0s", "leak.scope", "method"),
            ExtensionSamples.ForgottenInAfterAll.class);
    Outcome ofClass =
        NestedRun.run(
            Map.of("leak.maxWait", "0s", "leak.scope", "class"),
            ExtensionSamples.OneOfThreeLeaks.class);
    Outcome suite =
        NestedRun.run(
            Map.of("leak.maxWait", "0s", "leak.scope", "suite"),
            ExtensionSamples.OneOfThreeLeaks.class);

    assertThat(method.errors().keySet()).containsExactly("forgets");
    assertThat(ofClass.errors().keySet()).containsExactly("OneOfThreeLeaks");
    assertThat(suite.errors().keySet()).containsExactly(ENGINE);
    assertThat(suite.headline(ENGINE))
        .isEqualTo("1 thread leaked by ExtensionSamples.OneOfThreeLeaks.b");
  }

  @Test
  void theScopeOfTheSuiteLooksAfterFailuresOnlyIfAsked() {
    Map<String, String> suite = Map.of("leak.maxWait", "0s", "leak.scope", "suite");
    Map<String, String> always =
        Map.of("leak.maxWait", "0s", "leak.scope", "suite", "leak.runOnFailure", "true");

    assertThat(NestedRun.run(suite, ExtensionSamples.OwnEnds.class).errors().keySet())
        .containsExactly("fails");
    assertThat(NestedRun.run(always, ExtensionSamples.OwnEnds.class).errors().keySet())
        .containsExactly("fails", ENGINE);
  }

  @Test
  void refusesWrongSettingsAndSaysWhereTheyWereMade() {
    Outcome outcome =
        NestedRun.run(Map.of("leak.maxWait", "soon"), ExtensionSamples.OneOfThreeLeaks.class);

    assertThat(outcome.errors().keySet()).containsExactly("OneOfThreeLeaks");
    assertThat(outcome.error("OneOfThreeLeaks"))
        .hasMessageThat()
        .contains("leak.maxWait = \"soon\" (JUnit configuration parameter)");
  }

  @Test
  void systemPropertiesAreStrongerThanConfigurationParameters() {
    System.setProperty("leak.enabled", "false");
    try {
      Outcome outcome =
          NestedRun.run(
              Map.of("leak.enabled", "true", "leak.maxWait", "0s"),
              ExtensionSamples.OneOfThreeLeaks.class);
      assertSilent(outcome, "a", "b", "c");
    } finally {
      System.clearProperty("leak.enabled");
    }
  }

  @Test
  void failsTheTestWhoseAnnotationIsWrong() {
    Outcome outcome = run(ExtensionSamples.WrongAnnotation.class);

    assertThat(outcome.errors().keySet()).containsExactly("wrong");
    assertThat(outcome.error("wrong")).hasMessageThat().contains("@IgnoreLeaks on ");
  }
}
