package dev.leakverifier.testng;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.leakverifier.LeakAnnotations;
import dev.leakverifier.LeakConfiguration;
import dev.leakverifier.LeakLevel;
import dev.leakverifier.LeakOption;
import dev.leakverifier.LeakWatch;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.testng.ITestClass;
import org.testng.ITestResult;

/**
 * One run of a test method or fixture, in which threads may appear.
 *
 * @param level when the verdict on these threads falls
 * @param beside the tests that ran at the same time, and may have started them instead
 */
record Window(
    ITestResult result,
    LeakLevel level,
    LeakConfiguration configuration,
    ImmutableSet<ITestResult> beside)
    implements LeakWatch.Window {

  ITestClass testClass() {
    return result.getMethod().getTestClass();
  }

  @Override
  public String describe() {
    return beside.isEmpty()
        ? ResultNames.of(result)
        : Stream.concat(Stream.of(result), beside.stream())
            .map(ResultNames::of)
            .collect(joining(", ", "one of ", ", which ran side by side"));
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
