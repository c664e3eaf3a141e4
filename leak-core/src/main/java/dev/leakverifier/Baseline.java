package dev.leakverifier;

import dev.leakverifier.thread.LiveThread;
import dev.leakverifier.thread.ThreadListing;
import dev.leakverifier.thread.VirtualListing;
import java.util.Arrays;
import java.util.List;

/**
 * The threads that were alive at one instant, by id: it keeps no thread alive, and an id is never
 * given twice.
 */
final class Baseline {
  /** No thread at all: every live thread is new. */
  static final Baseline NONE = new Baseline(new long[0], VirtualListing.NONE);

  /** The baseline made last: mostly nothing has changed since, and its ids serve again. */
  private static volatile Baseline last = NONE;

  private final long[] platformIds;
  private final VirtualListing virtual;

  private Baseline(long[] platformIds, VirtualListing virtual) {
    this.platformIds = platformIds;
    this.virtual = virtual;
  }

  /** All of {@code threads}; may hold some besides that have ended. */
  static Baseline of(ThreadListing threads) {
    Baseline shared = last;
    Baseline baseline =
        shared.covers(threads)
            ? new Baseline(shared.platformIds, threads.virtual())
            : new Baseline(threads.sortedPlatformIds(), threads.virtual());
    last = baseline;
    return baseline;
  }

  /** This baseline without those platform threads that are not in {@code live}. */
  Baseline withoutEnded(ThreadListing live) {
    return new Baseline(live.sortedPlatformIds(), virtual);
  }

  /**
   * This baseline with the new ones of {@code threads}, and with its own virtual ones where the JVM
   * cannot tell them now; itself if there are none. May hold some besides that have ended.
   */
  Baseline with(ThreadListing threads) {
    VirtualListing known = threads.virtual().isKnown() ? threads.virtual() : virtual;
    if (!covers(threads)) {
      return new Baseline(threads.sortedPlatformIds(), known);
    }
    return known == virtual ? this : new Baseline(platformIds, known);
  }

  /** Whether no platform thread is new, and not too many of these here have ended. */
  private boolean covers(ThreadListing threads) {
    return platformIds.length <= 2 * threads.platformCount() + 64
        && threads.newSince(platformIds, threads.virtual()).isEmpty();
  }

  boolean contains(long id) {
    return Arrays.binarySearch(platformIds, id) >= 0 || virtual.contains(id);
  }

  /** The virtual ones among them; a check cannot judge any where these are not known. */
  VirtualListing virtual() {
    return virtual;
  }

  /** Those of {@code threads} that are not in this baseline; allocates nothing if all are. */
  List<LiveThread> newAmong(ThreadListing threads) {
    return threads.newSince(platformIds, virtual);
  }
}
