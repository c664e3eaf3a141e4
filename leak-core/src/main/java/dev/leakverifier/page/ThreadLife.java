package dev.leakverifier.page;

import java.time.Duration;
import java.util.Optional;

/**
 * One thread on the timeline of a run. What starts and ends between two snapshots has none.
 *
 * <p>A snapshot is taken when a test or fixture ends, and only then; so a start and an end are
 * known as what lies between two snapshots. All times count from the start of the run.
 *
 * @param test the test or fixture that is to blame, or at whose end it was first seen; empty if
 *     none ran
 * @param notBefore the last snapshot that did not have it
 * @param firstSeen the first snapshot that had it
 * @param ended the last snapshot that had it, and the first one that did not; empty if it was alive
 *     at the end of the run
 * @param leaked whether it was reported as a leak
 */
public record ThreadLife(
    long id,
    String name,
    boolean virtual,
    Optional<String> test,
    Duration notBefore,
    Duration firstSeen,
    Optional<End> ended,
    boolean leaked) {
  /** Between which snapshots it ended. */
  public record End(Duration lastSeen, Duration gone) {}
}
