package dev.leakverifier.testng;

import dev.leakverifier.LeakConfiguration;
import dev.leakverifier.LeakLevel;
import dev.leakverifier.LeakOption;
import dev.leakverifier.thread.StackFrames;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.testng.ITestClass;
import org.testng.ITestContext;
import org.testng.ITestNGMethod;
import org.testng.ITestResult;

/**
 * One run of a test method or fixture, in which threads may appear.
 *
 * @param level when the verdict on these threads falls
 * @param threadId the thread on which TestNG runs it
 * @param attempt how often TestNG has tried this test, with this time
 */
record InvocationWindow(
    ITestResult result,
    LeakLevel level,
    LeakConfiguration configuration,
    long threadId,
    int attempt)
    implements Window {
  // Start-up: see docs/performance.md
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof InvocationWindow window
        && result.equals(window.result)
        && level == window.level
        && configuration.equals(window.configuration)
        && threadId == window.threadId
        && attempt == window.attempt;
  }

  @Override
  public int hashCode() {
    return result.hashCode();
  }

  @Override
  public boolean runsOn(long thread) {
    return threadId == thread;
  }

  @Override
  public Optional<ITestClass> testClass() {
    return Optional.of(result.getMethod().getTestClass());
  }

  @Override
  public boolean isIn(ITestContext context) {
    return result.getTestContext() == context;
  }

  @Override
  public Optional<ITestResult> answers() {
    return Optional.of(result);
  }

  /** With the attempt, if there are several; of the first, that is known after it only. */
  @Override
  public String describe() {
    return ResultNames.of(result)
        + (attempt > 1 || result.wasRetried() ? ", attempt " + attempt : "");
  }

  @Override
  public Optional<String> className() {
    return Optional.of(result.getTestClass().getRealClass().getName());
  }

  @Override
  public Optional<String> note() {
    return result.wasRetried()
        ? Optional.of(
            "that attempt failed with %s, and the test was retried"
                .formatted(ResultNames.of(result.getThrowable())))
        : Optional.empty();
  }

  @Override
  public boolean isCodeOf(StackTraceElement frame) {
    ITestNGMethod method = result.getMethod();
    return StackFrames.isOf(
        frame,
        method.getConstructorOrMethod().getDeclaringClass().getName(),
        method.getMethodName());
  }

  @Override
  public Optional<List<LeakOption>> options() {
    return configuration.optionsFor(
        result.getTestClass().getRealClass(),
        result.getMethod().getConstructorOrMethod().getMethod());
  }
}
