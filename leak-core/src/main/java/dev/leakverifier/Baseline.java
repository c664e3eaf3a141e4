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

  private final long[] platformIds;
  private final VirtualListing virtual;

  private Baseline(long[] platformIds, VirtualListing virtual) {
    this.platformIds = platformIds;
    this.virtual = virtual;
  }

  static Baseline of(ThreadListing threads) {
    return new Baseline(threads.sortedPlatformIds(), threads.virtual());
  }

  /** The same, with the virtual ones of {@code earlier} where the JVM cannot tell them now. */
  static Baseline of(ThreadListing threads, Baseline earlier) {
    return new Baseline(
        threads.sortedPlatformIds(),
        threads.virtual().isKnown() ? threads.virtual() : earlier.virtual);
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
