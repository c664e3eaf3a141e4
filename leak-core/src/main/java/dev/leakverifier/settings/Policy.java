package dev.leakverifier.settings;

import dev.leakverifier.check.Accepted;
import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.host.Log;
import dev.leakverifier.settings.AcceptedLeaks.LeftBy;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of a leak: it fails, or it is only logged.
 *
 * @param warnOnly whether nothing fails
 * @param acceptedLeaks leaks that are known, and do not fail
 * @param acceptCurrent whether what is found now is accepted from here on
 * @param interrupts whether what leaked is interrupted after the report
 */
public record Policy(
    boolean warnOnly,
    Optional<AcceptedLeaks> acceptedLeaks,
    boolean acceptCurrent,
    boolean interrupts) {
  private static final Log LOG = Log.of(Policy.class);

  /** Which of {@code groups} are accepted; empty if no file says so. Never throws. */
  public Optional<Accepted> accepted(LeftBy leftBy, List<LeakGroup> groups) {
    return acceptedLeaks.map(leaks -> leaks.among(groups, leftBy, acceptCurrent));
  }

  /** Whether nothing would fail, whatever is found. */
  public boolean letsAllPass() {
    return warnOnly || acceptCurrent;
  }

  /** Whether a report fails that is not empty, and of which the accepted part is gone; or logs. */
  public boolean fails(Object report) {
    if (warnOnly) {
      LOG.warn("{}", report);
    }
    return !warnOnly;
  }
}
