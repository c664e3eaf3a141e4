package dev.leakverifier.jupiter;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.LeakError;
import dev.leakverifier.jupiter.NestedRun.Outcome;
import dev.leakverifier.testing.Leaks;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LifecycleTest {
  @AfterEach
  void endLeaks() {
    Leaks.endAll();
  }

  private static Outcome run(Class<?>... classes) {
    return NestedRun.run(Map.of("leak.maxWait", "0s"), classes);
  }

  @Test
  void fixturesOfSuperclassesAndInterfacesAreNamedAndWaitedFor() {
    Outcome outcome = run(LifecycleSamples.OfBaseAndInterface.class);

    assertThat(outcome.passed()).containsExactly("innocent", "leaks");
    assertThat(outcome.errors().keySet()).containsExactly("OfBaseAndInterface");
    assertThat(outcome.error("OfBaseAndInterface"))
        .hasMessageThat()
        .contains(
            "1 thread leaked by @BeforeAll LifecycleSamples.OfBaseAndInterface.startInInterface");
    assertThat(outcome.error("OfBaseAndInterface"))
        .hasMessageThat()
        .contains("1 thread leaked by LifecycleSamples.OfBaseAndInterface.leaks");
  }

  @Test
  void theOrderOfTestsChangesNothing() {
    Outcome outcome =
        NestedRun.run(
            Map.of(
                "leak.maxWait",
                "0s",
                "junit.jupiter.testclass.order.default",
                "org.junit.jupiter.api.ClassOrderer$Random"),
            LifecycleSamples.Ordered.class,
            ExtensionSamples.OneOfThreeLeaks.class);

    assertThat(NestedRun.headlines(outcome))
        .containsExactly(
            "1 thread leaked by LifecycleSamples.Ordered.b",
            "1 thread leaked by ExtensionSamples.OneOfThreeLeaks.b");
    assertThat(outcome.errors().keySet()).containsExactly("b");
  }

  @Test
  void namesTheInvocationOfATemplate() {
    assertThat(NestedRun.headlines(run(LifecycleSamples.OfTemplate.class)))
        .containsExactly("1 thread leaked by LifecycleSamples.OfTemplate.runsTwice two");
  }

  @Test
  void aFixtureThatFailsKeepsItsErrorAndGetsTheLeak() {
    Outcome outcome = run(LifecycleSamples.BeforeAllFails.class);

    assertThat(outcome.error("BeforeAllFails")).hasMessageThat().isEqualTo("its own");
    assertThat(Outcome.headline(outcome.error("BeforeAllFails").getSuppressed()[0]))
        .isEqualTo("1 thread leaked by @BeforeAll LifecycleSamples.BeforeAllFails.fails");
  }

  @Test
  void aConstructorThatFailsKeepsItsErrorAndTheLeakIsFound() {
    Outcome outcome = run(LifecycleSamples.ConstructorFails.class);

    assertThat(outcome.error("neverRuns")).hasMessageThat().isEqualTo("its own");
    assertThat(outcome.errors().values().stream().anyMatch(LeakError.class::isInstance)).isTrue();
  }

  @Test
  void whatNeverRanIsSilent() {
    Outcome outcome =
        run(LifecycleSamples.BeforeAllAborts.class, LifecycleSamples.IsDisabled.class);

    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.skipped()).containsExactly("BeforeAllAborts", "IsDisabled");
  }

  @Test
  void waitsForExtensionsThatAreCalledWhenTheTestIsOver() {
    Outcome outcome =
        run(
            LifecycleSamples.StoppedByWatcher.class,
            LifecycleSamples.StoppedByUnknownExtension.class);

    assertThat(NestedRun.headlines(outcome)).isEmpty();
    assertThat(outcome.passed()).containsExactly("starts");
  }

  @Test
  void waitsForTheTeardownsOfAClassThatIsNotCheckedItself() {
    Outcome outcome = run(LifecycleSamples.OnlyOnAMethod.class);

    assertThat(NestedRun.headlines(outcome)).isEmpty();
    assertThat(outcome.passed()).containsExactly("starts");
  }
}
