package dev.leakverifier.junit4;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.LeakError;
import dev.leakverifier.junit4.NestedRun.Outcome;
import dev.leakverifier.testing.Leaks;
import org.junit.After;
import org.junit.Test;

/** The article's examples, run by JUnit 4. */
public class ArticleTest {
  @After
  public void endSampleThreads() {
    Leaks.endAll();
  }

  @Test
  public void findsTheLeakOfOneTestAndNotOfTheOther() {
    Outcome outcome = NestedRun.run(ArticleSamples.Basic.class);

    assertThat(outcome.passed()).containsExactly("testWithoutLeak");
    assertThat(outcome.errors().keySet()).containsExactly("testWithLeak");
    assertThat(outcome.headline("testWithLeak")).startsWith("1 thread leaked (still alive after");
    assertThat(outcome.error("testWithLeak")).hasMessageThat().contains("java.lang.Thread.sleep");
  }

  @Test
  public void ignoresTheBackgroundWorker() {
    Outcome outcome = NestedRun.run(ArticleSamples.IgnoredWorker.class);

    assertThat(outcome.passed()).containsExactly("testWithBackgroundWorker");
  }

  @Test
  public void ignoresByStateAndStack() {
    Outcome outcome = NestedRun.run(ArticleSamples.CustomFilter.class);

    assertThat(outcome.passed()).containsExactly("testCustomFilter");
  }

  @Test
  public void waitsForTheThreadThatNeedsLongerThanTheTest() {
    Outcome outcome = NestedRun.run(ArticleSamples.Timing.class);

    assertThat(outcome.passed()).containsExactly("testTimingIssue");
  }

  @Test
  public void reportsTheThreeWorkersOfTheServiceThatNobodyStopped() {
    Outcome outcome = NestedRun.run(ArticleSamples.WholeService.class);

    assertThat(outcome.passed()).containsExactly("testServiceNoLeak");
    assertThat(outcome.errors().keySet()).containsExactly("testServiceWithLeak");
    LeakError error = (LeakError) outcome.error("testServiceWithLeak");
    assertThat(error.report().threads()).hasSize(3);
    assertThat(error).hasMessageThat().contains("worker-3");
  }

  @Test
  public void findsTheSleepingThreadAtTheEndOfTheRun() {
    Outcome outcome =
        NestedRun.run(
            ImmutableList.of(new LeakVerifierRunListener()), ArticleSamples.Unchecked.class);

    assertThat(outcome.result().wasSuccessful()).isFalse();
    assertThat(outcome.headline("Test mechanism"))
        .startsWith("1 thread leaked by ArticleSamples.Unchecked.testSomething (still alive after");
  }
}
