package dev.leakverifier.testng;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.LeakAnnotations;
import dev.leakverifier.LeakConfiguration;
import dev.leakverifier.LeakLevel;
import dev.leakverifier.LeakOption;
import dev.leakverifier.LeakWatch;
import dev.leakverifier.thread.StackFrames;
import java.util.List;
import java.util.Optional;
import org.testng.ITestClass;
import org.testng.ITestNGMethod;
import org.testng.ITestResult;

/**
 * One run of a test method or fixture, in which threads may appear.
 *
 * @param level when the verdict on these threads falls
 * @param threadId the thread on which TestNG runs it
 */
record Window(ITestResult result, LeakLevel level, LeakConfiguration configuration, long threadId)
    implements LeakWatch.Window {

  ITestClass testClass() {
    return result.getMethod().getTestClass();
  }

  @Override
  public String describe() {
    return ResultNames.of(result);
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
    if (!configuration.isEnabled()) {
      return Optional.empty();
    }
    return LeakAnnotations.optionsFor(
            result.getTestClass().getRealClass(),
            result.getMethod().getConstructorOrMethod().getMethod())
        .map(
            annotated ->
                ImmutableList.<LeakOption>builder()
                    .addAll(configuration.options())
                    .addAll(annotated)
                    .build());
  }
}
