package dev.leakverifier;

import dev.leakverifier.check.Check;
import dev.leakverifier.host.Log;
import dev.leakverifier.thread.ThreadSample;
import java.util.List;
import java.util.Set;

/**
 * Looks once more when reports are made, which takes its time: what has ended by then is no leak.
 */
final class LastLook {
  private static final Log LOG = Log.of(LastLook.class);

  /** Where threads end all the time, they might for long. */
  private static final int MOST = 10;

  private LastLook() {}

  /** What is left of {@code report}. */
  static LeakReport at(LeakReport report, Check check) {
    return report.isEmpty() ? report : at(List.of(report), check).get(0);
  }

  /** What is left of each of the {@code reports}, in their order; may be empty. */
  static List<LeakReport> at(List<LeakReport> reports, Check check) {
    List<LeakReport> left = reports;
    for (int look = 0; look < MOST; look++) {
      left.forEach(LeakReport::make);
      List<ThreadSample> threads =
          left.stream().flatMap(report -> report.threads().stream()).toList();
      Set<Long> ended = check.endedOf(threads);
      if (ended.isEmpty()) {
        break;
      }
      LOG.debug(
          "{} of {} threads have ended while their report was made, and are no leak: {}",
          ended.size(),
          threads.size(),
          threads.stream()
              .filter(thread -> ended.contains(thread.id()))
              .map(ThreadSample::name)
              .toList());
      left = left.stream().map(report -> report.without(ended)).toList();
    }
    return left;
  }
}
