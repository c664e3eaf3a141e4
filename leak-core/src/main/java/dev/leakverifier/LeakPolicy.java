package dev.leakverifier;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a leak: it fails, or it is only logged.
 *
 * @param warnOnly whether nothing fails
 * @param accepted leaks that are known, and do not fail
 * @param acceptCurrent whether what is found now is accepted from here on
 */
record LeakPolicy(boolean warnOnly, Optional<AcceptedLeaks> accepted, boolean acceptCurrent) {
  /** Here, since a clean check in a fresh JVM should not have to wait for a logging library. */
  private static final class Log {
    static final Logger LOG = LoggerFactory.getLogger(LeakPolicy.class);
  }

  /** The part of {@code report} that fails; what does not is logged. Never throws. */
  Optional<LeakReport> enforce(LeakReport report) {
    if (report.isEmpty()) {
      return Optional.empty();
    }
    LeakReport counting =
        accepted.map(leaks -> leaks.subtractedFrom(report, acceptCurrent)).orElse(report);
    if (counting.isEmpty()) {
      return Optional.empty();
    }
    if (warnOnly) {
      Log.LOG.warn("{}", counting);
      return Optional.empty();
    }
    return Optional.of(counting);
  }
}
