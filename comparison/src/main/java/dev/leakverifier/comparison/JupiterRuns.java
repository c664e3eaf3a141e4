package dev.leakverifier.comparison;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** By Jupiter. */
final class JupiterRuns extends Runs {
  private static final String IN_PARALLEL = "forgetsAThread";

  private final Class<? extends JupiterSamples.Each> each;
  private final Class<? extends JupiterSamples.InParallel> parallel;
  private final Class<? extends JupiterSamples.SharesAPool> shared;

  JupiterRuns(
      Class<? extends JupiterSamples.Each> each,
      Class<? extends JupiterSamples.InParallel> parallel,
      Class<? extends JupiterSamples.SharesAPool> shared) {
    this.each = each;
    this.parallel = parallel;
    this.shared = shared;
  }

  @Override
  Map<String, String> verdicts() {
    Map<String, String> verdicts = super.verdicts();
    verdicts.put(IN_PARALLEL + ", beside runsBesideIt", ofLeak(IN_PARALLEL, "order-1"));
    return verdicts;
  }

  @Override
  Map<String, String> failed(String program) {
    Map<String, String> failed = new TreeMap<>();
    LauncherFactory.create()
        .execute(
            request(
                switch (program) {
                  case IN_PARALLEL -> selectClass(parallel);
                  case "sharesAPool" -> selectClass(shared);
                  default -> selectMethod(each, program);
                },
                program.equals(IN_PARALLEL)),
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                result
                    .getThrowable()
                    .ifPresent(
                        error -> {
                          refuseOtherErrors(program, error);
                          String name = test.getDisplayName().replace("()", "");
                          failed.put(
                              test.isTest() ? name : "the class",
                              String.valueOf(error.getMessage()));
                        });
              }
            });
    return failed;
  }

  static LauncherDiscoveryRequest request(DiscoverySelector tests, boolean parallel) {
    String prefix = "junit.jupiter.execution.parallel.";
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(tests)
        .configurationParameter(prefix + "enabled", String.valueOf(parallel))
        .configurationParameter(prefix + "config.strategy", "fixed")
        .configurationParameter(prefix + "config.fixed.parallelism", "2")
        .build();
  }
}
