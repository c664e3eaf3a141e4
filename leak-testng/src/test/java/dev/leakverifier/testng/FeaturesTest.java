package dev.leakverifier.testng;

import static com.google.common.base.Throwables.getRootCause;
import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.LeakError;
import dev.leakverifier.testing.Leaks;
import dev.leakverifier.testng.FeatureSamples.AlwaysRun;
import dev.leakverifier.testng.FeatureSamples.FailsInSetup;
import dev.leakverifier.testng.FeatureSamples.FailsInTeardown;
import dev.leakverifier.testng.FeatureSamples.Groups;
import dev.leakverifier.testng.FeatureSamples.GroupsForgotten;
import dev.leakverifier.testng.FeatureSamples.Hooked;
import dev.leakverifier.testng.FeatureSamples.Ignored;
import dev.leakverifier.testng.FeatureSamples.Inherits;
import dev.leakverifier.testng.FeatureSamples.MadeWithClosedText;
import dev.leakverifier.testng.FeatureSamples.MadeWithNames;
import dev.leakverifier.testng.FeatureSamples.MadeWithParameters;
import dev.leakverifier.testng.FeatureSamples.MadeWithText;
import dev.leakverifier.testng.FeatureSamples.OneLeak;
import dev.leakverifier.testng.FeatureSamples.Pooled;
import dev.leakverifier.testng.FeatureSamples.Repeated;
import dev.leakverifier.testng.FeatureSamples.Wider;
import dev.leakverifier.testng.ListenerSamples.OneOfThreeLeaks;
import dev.leakverifier.testng.NestedRun.Outcome;
import java.util.List;
import org.testng.ITestResult;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.Test;

/** What TestNG offers beside a plain test: each goes on working, and leaks are still found. */
public class FeaturesTest {
  @AfterMethod
  public void endSampleThreads() {
    Leaks.endAll();
  }

  @Test
  public void acceptsWhatAfterGroupsStops() {
    Outcome outcome = NestedRun.of(Groups.class).run();

    assertThat(outcome.failed()).containsExactly("leaks");
    assertThat(outcome.passed()).containsExactly("pays");
  }

  @Test
  public void blamesTheFixturesOfGroups() {
    Outcome outcome = NestedRun.of(GroupsForgotten.class).run();

    assertThat(outcome.failed()).containsExactly("open", "close");
    assertThat(outcome.headline("open"))
        .startsWith("1 thread leaked by @BeforeGroups FeatureSamples.GroupsForgotten.open (");
    assertThat(outcome.headline("close")).contains("@AfterGroups FeatureSamples.GroupsForgotten.c");
  }

  @Test
  public void waitsForTheLastOfSeveralTeardownsAndTheInheritedOne() {
    for (String scope : List.of("auto", "method", "method,suite", "class, test")) {
      Outcome outcome = NestedRun.of(Inherits.class).parameter("leak.scope", scope).run();

      assertThat(outcome.failed()).containsExactly("leaks");
      assertThat(outcome.passed()).containsExactly("stopped");
      Leaks.endAll();
    }
  }

  @Test
  public void acceptsWhatATeardownStopsThatAlwaysRuns() {
    Outcome outcome = NestedRun.of(AlwaysRun.class).run();

    assertThat(outcome.failed()).containsExactly("failing");
    assertThat(outcome.error("failing").getSuppressed()).isEmpty();
    assertThat(outcome.skipped()).containsExactly("skipped");
  }

  @Test
  public void attachesTheLeakOfAFixtureToItsOwnError() {
    Outcome outcome = NestedRun.of(FailsInSetup.class).run();

    assertThat(outcome.failed()).containsExactly("failing");
    assertThat(outcome.error("failing")).hasMessageThat().isEqualTo("my own");
    assertThat(outcome.error("failing").getSuppressed()[0]).isInstanceOf(LeakError.class);
    assertThat(outcome.skipped()).containsExactly("skipped");
  }

  @Test
  public void endsTheStarterStackAtTheTestMethod() {
    Throwable leak = NestedRun.of(FailsInTeardown.class).run().error("leaks");

    StackTraceElement[] starter = getRootCause(leak.getSuppressed()[0]).getStackTrace();
    assertThat(starter[starter.length - 1].toString())
        .startsWith("dev.leakverifier.testng.FeatureSamples$FailsInTeardown.leaks(FeatureSamples");
  }

  @Test
  public void blamesTheTestThoughItsTeardownFailed() {
    Outcome outcome = NestedRun.of(FailsInTeardown.class).run();

    assertThat(outcome.failed()).containsExactly("leaks", "failing");
    assertThat(outcome.error("leaks")).isInstanceOf(LeakError.class);
    assertThat(outcome.error("failing")).hasMessageThat().isEqualTo("my own");
  }

  @Test
  public void judgesWhatAWiderFixtureMadeAtItsOwnLevel() {
    for (String scope : List.of("auto", "suite")) {
      Outcome outcome = NestedRun.of(Wider.class).parameter("leak.scope", scope).run();
      assertThat(outcome.failed()).containsExactly("leaks");
      Leaks.endAll();
    }

    Outcome byMethod = NestedRun.of(Wider.class).parameter("leak.scope", "method,suite").run();
    assertThat(byMethod.failed()).containsExactly("leaks", "beforeClass");
  }

  @Test
  public void failsOneOfSeveralRunsOfAMethod() {
    Outcome outcome = NestedRun.of(Repeated.class).run();

    assertThat(outcome.told(ITestResult.FAILURE)).containsExactly("thrice");
    assertThat(outcome.told(ITestResult.SUCCESS)).containsExactly("thrice", "thrice");
    assertThat(outcome.exitCode()).isEqualTo(1);
  }

  @Test
  public void blamesEachRunOfAMethodThatRunsBesideItself() {
    Outcome outcome = NestedRun.of(Pooled.class).parameter("leak.maxWait", "1s").run();

    assertThat(outcome.told(ITestResult.FAILURE))
        .containsExactly("leaks", "leaks", "leaks", "leaks");
    assertThat(outcome.failed()).containsExactly("leaks");
  }

  @Test
  public void tellsApartTheInstancesThatAFactoryMade() {
    assertThat(leaking(MadeWithParameters.class)).isEqualTo("MadeWithParameters[USD].pays");
    assertThat(leaking(MadeWithNames.class)).isEqualTo("MadeWithNames[large].pays");
    assertThat(leaking(MadeWithText.class)).isEqualTo("MadeWithText[shop 2].pays");
  }

  @Test
  public void reportsALeakOfAnInstanceThatFailsToSayWhatItIs() {
    assertThat(leaking(MadeWithClosedText.class)).isEqualTo("MadeWithClosedText[?].pays");
  }

  private static String leaking(Class<?> sample) {
    List<String> headlines = NestedRun.of(sample).run().headlines();
    assertThat(headlines).hasSize(1);
    String headline = headlines.get(0);
    assertThat(headline).startsWith("1 thread leaked by FeatureSamples.");
    return headline.replaceFirst(".*FeatureSamples.(.*) \\(.*", "$1");
  }

  @Test
  public void doesNotMindTestsThatAreIgnored() {
    Outcome outcome = NestedRun.of(Ignored.class).run();

    assertThat(outcome.results().keySet()).containsExactly("leaks");
    assertThat(outcome.failed()).containsExactly("leaks");
  }

  @Test
  public void acceptsWhatAHookAroundTheTestStops() {
    Outcome outcome = NestedRun.of(Hooked.class).run();

    assertThat(outcome.failed()).containsExactly("leaks");
    assertThat(outcome.passed()).containsExactly("passes");
  }

  @Test
  public void checksOnlyTheGroupsThatRun() {
    Outcome outcome =
        NestedRun.of(Groups.class)
            .xml(suite -> suite.getTests().get(0).addIncludedGroup("shop"))
            .run();

    assertThat(outcome.failed()).isEmpty();
    assertThat(outcome.passed()).containsExactly("pays");
  }

  @Test
  public void judgesEachOfSeveralSuites() {
    Outcome outcome =
        NestedRun.of(OneLeak.class)
            .alsoSuite("clean", ListenerSamples.Innocent.class)
            .alsoSuite("leaking", OneOfThreeLeaks.class)
            .parameter("leak.scope", "suite")
            .run();

    assertThat(outcome.failed()).containsExactly("leaks", "b");
    assertThat(outcome.passed()).containsExactly("passes", "innocent", "a", "c");
    assertThat(outcome.exitCode()).isEqualTo(1);
  }

  @Test
  public void checksOnceThoughNamedThrice() {
    Outcome outcome =
        NestedRun.of(ListenerSamples.AlsoAnnotated.class, OneLeak.class)
            .listener(new LeakVerifierListener())
            .listener(new LeakVerifierListener() {})
            .xml(suite -> suite.addListener(LeakVerifierListener.class.getName()))
            .runAsIs();

    assertThat(outcome.told(ITestResult.FAILURE)).containsExactly("a", "leaks");
  }
}
