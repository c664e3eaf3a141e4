package dev.leakverifier.comparison;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherFactory;

/** What the checks cost where nothing leaks. */
final class Costs {
  static final int REPETITIONS = 100;

  private Costs() {}

  /** What a check adds to a test that does nothing, while threads live that are not the test's. */
  static void print() {
    Map<String, Class<?>> checks =
        ImmutableMap.of(
            "LeakVerifier", JupiterSamples.Verified.class,
            "`@DetectThreadLeaks`, scope `TEST`", JupiterSamples.Lingering.class,
            "by hand, one look", JupiterSamples.Once.class);
    Map<String, List<String>> rows = new LinkedHashMap<>();
    for (int live : new int[] {10, 1_000}) {
      CountDownLatch end = new CountDownLatch(1);
      for (int i = 0; i < live; i++) {
        Thread thread = new Thread(() -> await(end), "live-" + i);
        thread.setDaemon(true);
        thread.start();
      }
      rows.put(live + " live threads", checks.values().stream().map(Costs::added).toList());
      end.countDown();
    }
    Comparison.print("added to a test, in us", checks.keySet(), rows);
  }

  /** The median of five turns, and their range; before that two, until all is loaded. */
  private static String added(Class<?> checked) {
    double[] added = new double[5];
    for (int i = -2; i < added.length; i++) {
      double unchecked = micros(JupiterSamples.Unchecked.class);
      double micros = micros(checked) - unchecked;
      if (i >= 0) {
        added[i] = micros;
      }
    }
    Arrays.sort(added);
    return String.format(Locale.ROOT, "%.0f (%.0f to %.0f)", added[2], added[0], added[4]);
  }

  /** The median time from the end of a test to the end of the next. */
  private static double micros(Class<?> tests) {
    List<Long> ends = new ArrayList<>();
    LauncherFactory.create()
        .execute(
            JupiterRuns.request(selectMethod(tests, "doesNothing"), false),
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                  ends.add(System.nanoTime());
                }
              }
            });
    return IntStream.range(1, ends.size())
        .mapToDouble(i -> (ends.get(i) - ends.get(i - 1)) / 1e3)
        .sorted()
        .toArray()[(ends.size() - 1) / 2];
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
