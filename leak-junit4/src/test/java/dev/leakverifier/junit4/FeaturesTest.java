package dev.leakverifier.junit4;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.LeakError;
import dev.leakverifier.junit4.NestedRun.Outcome;
import dev.leakverifier.testing.Leaks;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.Result;
import org.junit.runner.notification.RunListener;
import org.junit.runners.model.TestTimedOutException;

/** What JUnit 4 offers beside a plain test: each goes on working, and leaks are still found. */
public class FeaturesTest {
  private final PrintStream stdout = System.out;
  private final PrintStream stderr = System.err;

  /** Set by the build, which leaves the heap alone in most tests. */
  private final String heap = System.getProperty("leak.heap");

  @Before
  public void leaveSettingsToTheTests() {
    System.clearProperty("leak.heap");
  }

  @After
  public void restore() {
    System.setProperty("leak.heap", heap);
    System.setOut(stdout);
    System.setErr(stderr);
    System.clearProperty("leak.maxWait");
    Leaks.endAll();
  }

  @Test
  public void worksBesideOtherRulesAndRunners() {
    for (Class<?> sample :
        ImmutableList.of(
            FeatureSamples.OutsideOfAFolder.class,
            FeatureSamples.InsideOfAFolder.class,
            FeatureSamples.OutsideOfATimeout.class,
            FeatureSamples.InsideOfATimeout.class,
            FeatureSamples.InsideOfAResource.class,
            FeatureSamples.Outer.class,
            FeatureSamples.Inherits.class,
            FeatureSamples.ExpectsAnException.class)) {
      Outcome outcome = NestedRun.run(sample);

      assertWithMessage("%s", sample).that(outcome.passed()).containsExactly("passes");
      assertWithMessage("%s", sample).that(outcome.errors().keySet()).containsExactly("leaks");
      assertWithMessage("%s", sample).that(outcome.errors().get("leaks")).hasSize(1);
      assertWithMessage("%s", sample).that(outcome.error("leaks")).isInstanceOf(LeakError.class);
      assertThat(outcome.headline("leaks")).contains(".leaks (");
      Leaks.endAll();
    }
  }

  /** JUnit puts the parameters of a theory that failed around its error. */
  @Test
  public void failsATheoryForTheParametersThatLeak() {
    Outcome outcome = NestedRun.run(FeatureSamples.OfNumbers.class);

    assertThat(outcome.passed()).containsExactly("passes");
    assertThat(outcome.headline("leaks")).isEqualTo("leaks(\"2\" <from NUMBERS[1]>)");
    assertThat(outcome.error("leaks")).hasCauseThat().isInstanceOf(LeakError.class);
  }

  @Test
  public void addsTheLeakToATimeout() {
    Outcome outcome = NestedRun.run(FeatureSamples.TimesOut.class);

    List<Throwable> errors = outcome.errors().get("hangs");
    assertThat(errors).hasSize(2);
    assertThat(errors.get(0)).isInstanceOf(TestTimedOutException.class);
    assertThat(errors.get(1)).isInstanceOf(LeakError.class);
    assertThat(errors.get(1)).hasMessageThat().startsWith("1 thread leaked by FeatureSamples.Ti");
  }

  @Test
  public void doesNotMindTestsThatAreIgnored() {
    Outcome outcome = NestedRun.run(FeatureSamples.Ignored.class);

    assertThat(outcome.skipped()).containsExactly("ignored");
    assertThat(outcome.errors().keySet()).containsExactly("leaks");
  }

  @Test
  public void keepsAllErrorsOfATestAndAddsTheLeak() {
    List<Throwable> errors =
        NestedRun.run(FeatureSamples.FailsTwiceAndLeaks.class).errors().get("fails");

    assertThat(errors).hasSize(3);
    assertThat(errors.get(0)).hasMessageThat().isEqualTo("my test");
    assertThat(errors.get(1)).hasMessageThat().isEqualTo("my teardown");
    assertThat(errors.get(2)).isInstanceOf(LeakError.class);
  }

  @Test
  public void saysWhatASkippedTestLeftBehind() {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, UTF_8));
    Outcome outcome = NestedRun.run(FeatureSamples.Skipped.class);
    System.setErr(stderr);

    assertThat(outcome.skipped()).containsExactly("skips");
    assertThat(outcome.result().wasSuccessful()).isTrue();
    assertThat(log.toString(UTF_8)).contains("FeatureSamples.Skipped.skips was skipped, and fail");
    assertThat(log.toString(UTF_8)).contains("1 thread leaked by FeatureSamples.Skipped.skips (");
  }

  @Test
  public void saysOnceWhatIsCheckedAndNothingOnStdout() {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setProperty("leak.maxWait", "1ms");
    System.setErr(new PrintStream(log, true, UTF_8));
    System.setOut(new PrintStream(out, true, UTF_8));
    NestedRun.run(FeatureSamples.Inherits.class, FeatureSamples.OutsideOfAFolder.class);
    System.setOut(stdout);
    System.setErr(stderr);

    assertThat(
            log.toString(UTF_8).lines().filter(line -> line.contains("are checked for")).toList())
        .containsExactly(
            "[main] INFO dev.leakverifier.junit4.LeakVerifierRule - tests with this rule are"
                + " checked for leaked threads; settings: leak.maxWait = \"1ms\" (system property)");
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  public void givesTheVerdictOfTheRunThoughAnotherListenerThrows() {
    System.setProperty("leak.maxWait", "0s");
    RunListener throwing =
        new RunListener() {
          @Override
          public void testRunFinished(Result result) {
            throw new IllegalStateException("my listener");
          }
        };
    for (List<RunListener> listeners :
        ImmutableList.<List<RunListener>>of(
            ImmutableList.of(throwing, new LeakVerifierRunListener()),
            ImmutableList.of(new LeakVerifierRunListener(), throwing))) {
      Outcome outcome = NestedRun.run(listeners, RuleSamples.Plain.class);

      List<String> headlines =
          outcome.errors().get("Test mechanism").stream().map(Outcome::headline).toList();
      assertThat(headlines).hasSize(2);
      assertThat(headlines).contains("my listener");
      assertThat(headlines)
          .contains("1 thread leaked by RuleSamples.Plain.leaks (looked once, without waiting)");
      Leaks.endAll();
    }
  }
}
