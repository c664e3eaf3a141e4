package dev.leakverifier;

import dev.leakverifier.host.Log;
import java.util.Optional;

/**
 * What becomes of a leak: it fails, or it is only logged.
 *
 * @param warnOnly whether nothing fails
 * @param accepted leaks that are known, and do not fail
 * @param acceptCurrent whether what is found now is accepted from here on
 */
record LeakPolicy(boolean warnOnly, Optional<AcceptedLeaks> accepted, boolean acceptCurrent) {
  private static final Log LOG = Log.of(LeakPolicy.class);

  /** The part of {@code report} that fails; what does not is logged. Never throws. */
  Optional<LeakReport> enforce(LeakReport report) {
    return Optional.of(accepting(report)).filter(this::fails);
  }

  /** What of {@code report} is not accepted. Never throws. */
  LeakReport accepting(LeakReport report) {
    return report.isEmpty()
        ? report
        : accepted.map(leaks -> leaks.subtractedFrom(report, acceptCurrent)).orElse(report);
  }

  /** What of {@code report} would fail; nothing is written down yet. */
  Optional<LeakReport> preview(LeakReport report) {
    return warnOnly || acceptCurrent
        ? Optional.empty()
        : Optional.of(accepting(report)).filter(left -> !left.isEmpty());
  }

  /** Whether {@code report}, of which the accepted part is gone, fails; else it is logged. */
  boolean fails(LeakReport report) {
    if (warnOnly && !report.isEmpty()) {
      LOG.warn("{}", report);
    }
    return !warnOnly && !report.isEmpty();
  }
}
