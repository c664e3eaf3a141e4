package dev.leakverifier.junit4;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.LeakError;
import dev.leakverifier.junit4.NestedRun.Outcome;
import dev.leakverifier.testing.Leaks;
import java.util.Arrays;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

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
  public void passesWhereAfterClassStopsTheThreads() {
    assertThat(run(RuleSamples.StoppedInAfterClass.class).result().wasSuccessful()).isTrue();
  }

  @Test
  public void looksAtAFailedRunOnlyWhenAsked() {
    assertThat(run(RuleSamples.Fails.class, RuleSamples.Plain.class).errors().keySet())
        .containsExactly("failing");
    Leaks.endAll();

    System.setProperty("leak.runOnFailure", "true");
    assertThat(run(RuleSamples.Fails.class, RuleSamples.Plain.class).errors().keySet())
        .containsExactly("failing", "Test mechanism");
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
    assertThat(run(RuleSamples.ParametersLeak.class).result().wasSuccessful()).isTrue();
  }

  private static Outcome run(Class<?>... classes) {
    return NestedRun.run(ImmutableList.of(new LeakVerifierRunListener()), classes);
  }
}
