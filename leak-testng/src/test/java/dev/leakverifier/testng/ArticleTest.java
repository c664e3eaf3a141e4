package dev.leakverifier.testng;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.LeakError;
import dev.leakverifier.testing.Leaks;
import dev.leakverifier.testng.NestedRun.Outcome;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.Test;

/** The article's examples, run by TestNG. */
public class ArticleTest {
  @AfterMethod
  public void endSampleThreads() {
    Leaks.endAll();
  }

  @Test
  public void findsTheLeakOfOneTestAndNotOfTheOther() {
    Outcome outcome = NestedRun.of(ArticleSamples.Basic.class).runAsIs();

    assertThat(outcome.passed()).containsExactly("testWithoutLeak");
    assertThat(outcome.failed()).containsExactly("testWithLeak");
    assertThat(outcome.headline("testWithLeak")).startsWith("1 thread leaked (still alive after");
    assertThat(outcome.error("testWithLeak")).hasMessageThat().contains("java.lang.Thread.sleep");
  }

  @Test
  public void ignoresTheBackgroundWorker() {
    Outcome outcome = NestedRun.of(ArticleSamples.IgnoredWorker.class).runAsIs();

    assertThat(outcome.passed()).containsExactly("testWithBackgroundWorker");
  }

  @Test
  public void ignoresByStateAndStack() {
    Outcome outcome = NestedRun.of(ArticleSamples.CustomFilter.class).runAsIs();

    assertThat(outcome.passed()).containsExactly("testCustomFilter");
  }

  @Test
  public void waitsForTheThreadThatNeedsLongerThanTheTest() {
    Outcome outcome = NestedRun.of(ArticleSamples.Timing.class).runAsIs();

    assertThat(outcome.passed()).containsExactly("testTimingIssue");
  }

  @Test
  public void reportsTheThreeWorkersOfTheServiceThatNobodyStopped() {
    Outcome outcome = NestedRun.of(ArticleSamples.WholeService.class).runAsIs();

    assertThat(outcome.passed()).containsExactly("testServiceNoLeak");
    assertThat(outcome.failed()).containsExactly("testServiceWithLeak");
    LeakError error = (LeakError) outcome.error("testServiceWithLeak");
    assertThat(error.report().threads()).hasSize(3);
    assertThat(error).hasMessageThat().contains("worker-3");
  }

  @Test
  public void findsTheSleepingThreadAtTheEndOfTheRun() {
    Outcome outcome =
        NestedRun.of(ArticleSamples.Unchecked.class).parameter("leak.scope", "suite").run();

    assertThat(outcome.failed()).containsExactly("testSomething");
    assertThat(outcome.headline("testSomething"))
        .contains("ArticleSamples.Unchecked.testSomething");
  }
}
