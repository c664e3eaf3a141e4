package dev.leakverifier.testng;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.testng.ITestResult;

/**
 * Counts how often TestNG has tried a test, which a retry analyzer may have it do: on the same
 * thread, one attempt after the other.
 */
final class Attempts {
  private record Attempt(ITestResult result, int number) {}

  private final ConcurrentMap<Long, Attempt> lastOn = new ConcurrentHashMap<>();

  /** The number of the attempt that {@code result} is, from 1 on; the same if asked again. */
  int number(ITestResult result, long thread) {
    if (!result.getMethod().isTest() || !VerdictLevel.mayRunAgain(result.getMethod())) {
      return 1;
    }
    return lastOn.merge(
            thread,
            new Attempt(result, 1),
            (last, first) ->
                last.result == result
                    ? last
                    : new Attempt(result, isRetryOf(last.result, result) ? last.number + 1 : 1))
        .number;
  }

  private static boolean isRetryOf(ITestResult earlier, ITestResult result) {
    return earlier.wasRetried()
        && earlier.getMethod().equals(result.getMethod())
        && earlier.getInstance() == result.getInstance()
        && Arrays.equals(earlier.getParameters(), result.getParameters());
  }
}
