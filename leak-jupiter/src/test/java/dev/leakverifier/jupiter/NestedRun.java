package dev.leakverifier.jupiter;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.google.common.collect.ImmutableListMultimap;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs sample tests through JUnit's launcher, and records what it tells. */
final class NestedRun {
  private NestedRun() {}

  /**
   * What came of it.
   *
   * @param tests how many have run
   * @param passed methods
   * @param errors by the name of the method, of the class, or of the engine
   */
  record Outcome(
      int tests,
      Set<String> passed,
      Set<String> skipped,
      ImmutableListMultimap<String, Throwable> errors) {
    Throwable error(String name) {
      return errors.get(name).get(0);
    }

    /** The first line of the error's message, without how long the threads were waited for. */
    String headline(String name) {
      return headline(error(name));
    }

    static String headline(Throwable error) {
      String line = String.valueOf(error.getMessage()).lines().findFirst().orElse("");
      return line.replaceFirst(" \\((still alive|looked once).*", "");
    }
  }

  static Outcome run(Class<?>... classes) {
    return run(Map.of(), classes);
  }

  static Outcome run(Map<String, String> parameters, Class<?>... classes) {
    Recorder recorder = new Recorder();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(
                    Arrays.stream(classes)
                        .map(type -> selectClass(type))
                        .toArray(ClassSelector[]::new))
                .configurationParameters(parameters)
                .build(),
            recorder);
    return recorder.outcome();
  }

  private static final class Recorder implements TestExecutionListener {
    private int tests;
    private final Set<String> passed = new LinkedHashSet<>();
    private final Set<String> skipped = new LinkedHashSet<>();
    private final ImmutableListMultimap.Builder<String, Throwable> errors =
        ImmutableListMultimap.builder();

    synchronized Outcome outcome() {
      return new Outcome(tests, passed, skipped, errors.build());
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier test, String reason) {
      skipped.add(name(test));
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
      tests += test.isTest() ? 1 : 0;
      switch (result.getStatus()) {
        case SUCCESSFUL -> {
          if (test.isTest()) {
            passed.add(name(test));
          }
        }
        case ABORTED -> skipped.add(name(test));
        case FAILED -> errors.put(name(test), result.getThrowable().orElseThrow());
      }
    }

    private static String name(TestIdentifier test) {
      if (test.getSource().orElse(null) instanceof MethodSource method) {
        return test.getDisplayName().startsWith("[")
            ? method.getMethodName() + test.getDisplayName()
            : method.getMethodName();
      }
      return test.getSource().orElse(null) instanceof ClassSource type
          ? type.getJavaClass().getSimpleName()
          : test.getDisplayName();
    }
  }

  /** For messages of tests. */
  static List<String> headlines(Outcome outcome) {
    return outcome.errors().values().stream().map(Outcome::headline).toList();
  }
}
