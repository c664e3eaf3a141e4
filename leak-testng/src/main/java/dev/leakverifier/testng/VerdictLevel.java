package dev.leakverifier.testng;

import dev.leakverifier.LeakLevel;
import java.util.Collections;
import java.util.Set;
import org.testng.ITestContext;
import org.testng.ITestNGMethod;
import org.testng.ITestResult;
import org.testng.internal.annotations.DisabledRetryAnalyzer;

/** At the end of which level the verdict on a test or fixture of a suite falls. */
final class VerdictLevel {
  private final SuiteSettings settings;
  private final Lifecycle lifecycle;

  VerdictLevel(SuiteSettings settings, Lifecycle lifecycle) {
    this.settings = settings;
    this.lifecycle = lifecycle;
  }

  /**
   * The level that is asked for, or a wider one where other tests would suffer from the verdict.
   */
  LeakLevel of(ITestResult result) {
    ITestNGMethod method = result.getMethod();
    ITestContext context = result.getTestContext();
    Set<LeakLevel> asked = settings.of(context.getCurrentXmlTest()).levels();
    LeakLevel level =
        asked.isEmpty() ? lifecycle.widestTeardown(method, context) : Collections.min(asked);
    if (!method.isTest()) {
      level = Fixture.of(method).map(Fixture::level).map(level::orWider).orElse(level);
    }
    level = level.orWider(lifecycle.narrowest(method));
    if (lifecycle.isDependedUpon(method)) { // TestNG skips them if it fails before they run
      return level.orWider(LeakLevel.TEST);
    }
    if (level == LeakLevel.METHOD && Lifecycle.tearsDownLastTimeOnly(method.getTestClass())) {
      level = LeakLevel.CLASS;
    }
    return level == LeakLevel.CLASS && Lifecycle.hasSeveralInstances(method.getTestClass())
        ? LeakLevel.TEST
        : level;
  }

  /**
   * Whether nothing of this test can come any more, so that it may fail at once for a leak: no
   * teardown, and neither a retry nor a success percentage, which would excuse the leak, too.
   */
  boolean isOver(ITestNGMethod method) {
    return method.getTestClass().getAfterTestMethods().length == 0
        && !mayRunAgain(method)
        && method.getSuccessPercentage() == 100;
  }

  /** Whether a retry analyzer may have TestNG try this test several times. */
  static boolean mayRunAgain(ITestNGMethod method) {
    return method.getRetryAnalyzerClass() != DisabledRetryAnalyzer.class;
  }
}
