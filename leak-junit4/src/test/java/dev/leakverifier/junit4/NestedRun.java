package dev.leakverifier.junit4;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.runner.Description;
import org.junit.runner.JUnitCore;
import org.junit.runner.Result;
import org.junit.runner.notification.Failure;
import org.junit.runner.notification.RunListener;

/** Runs sample tests through JUnit itself, and records what it tells. */
final class NestedRun {
  private NestedRun() {}

  /**
   * What came of it.
   *
   * @param errors by the name of the method, or of the class where there is no method
   */
  record Outcome(
      List<String> passed,
      List<String> skipped,
      ImmutableListMultimap<String, Throwable> errors,
      Result result) {
    Throwable error(String name) {
      return errors.get(name).get(0);
    }

    /** The first line of the error's message. */
    String headline(String name) {
      return headline(error(name));
    }

    static String headline(Throwable error) {
      return String.valueOf(error.getMessage()).lines().findFirst().orElse("");
    }
  }

  static Outcome run(Class<?>... classes) {
    return run(ImmutableList.of(), classes);
  }

  static Outcome run(List<RunListener> listeners, Class<?>... classes) {
    JUnitCore junit = new JUnitCore();
    Recorder recorder = new Recorder();
    junit.addListener(recorder);
    listeners.forEach(junit::addListener);
    Result result = junit.run(classes);
    ImmutableListMultimap.Builder<String, Throwable> errors = ImmutableListMultimap.builder();
    result
        .getFailures()
        .forEach(failure -> errors.put(name(failure.getDescription()), failure.getException()));
    recorder.passed.removeAll(errors.build().keySet());
    recorder.passed.removeAll(recorder.skipped);
    return new Outcome(
        List.copyOf(recorder.passed), List.copyOf(recorder.skipped), errors.build(), result);
  }

  private static String name(Description description) {
    Class<?> type = description.getTestClass();
    return Stream.of(description.getMethodName(), type == null ? null : type.getSimpleName())
        .filter(name -> name != null)
        .findFirst()
        .orElseGet(description::getDisplayName);
  }

  private static final class Recorder extends RunListener {
    final Set<String> passed = new LinkedHashSet<>();
    final Set<String> skipped = new LinkedHashSet<>();

    @Override
    public void testFinished(Description description) {
      passed.add(name(description));
    }

    @Override
    public void testAssumptionFailure(Failure failure) {
      skipped.add(name(failure.getDescription()));
    }

    @Override
    public void testIgnored(Description description) {
      skipped.add(name(description));
    }
  }
}
