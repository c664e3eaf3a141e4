package dev.leakverifier;

import dev.leakverifier.thread.LiveThread;
import dev.leakverifier.thread.ThreadListing;
import dev.leakverifier.thread.VirtualListing;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The threads that were alive at one instant, by id: it keeps no thread alive, and an id is never
 * given twice.
 */
final class Baseline {
  /** No thread at all: every live thread is new. */
  static final Baseline NONE =
      new Baseline(new long[0], VirtualListing.NONE, new WeakReference<>(null));

  /** The baseline made last: mostly nothing has changed since, and its ids serve again. */
  private static volatile Baseline last = NONE;

  private final long[] platformIds;
  private final VirtualListing virtual;

  /** A listing that held no others, until it is collected: to compare with it is faster. */
  private volatile WeakReference<ThreadListing> listing;

  private Baseline(
      long[] platformIds, VirtualListing virtual, WeakReference<ThreadListing> listing) {
    this.platformIds = platformIds;
    this.virtual = virtual;
    this.listing = listing;
  }

  private Baseline(ThreadListing threads, VirtualListing virtual) {
    this(threads.sortedPlatformIds(), virtual, new WeakReference<>(threads));
  }

  /** All of {@code threads}; may hold some besides that have ended. */
  static Baseline of(ThreadListing threads) {
    Baseline shared = last;
    Baseline baseline =
        shared.covers(threads)
            ? new Baseline(shared.platformIds, threads.virtual(), shared.listing)
            : new Baseline(threads, threads.virtual());
    last = baseline;
    return baseline;
  }

  /** This baseline without those platform threads that are not in {@code live}. */
  Baseline withoutEnded(ThreadListing live) {
    return new Baseline(live, virtual);
  }

  /**
   * This baseline with the new ones of {@code threads}, and with its own virtual ones where the JVM
   * cannot tell them now; itself if there are none. May hold some besides that have ended.
   */
  Baseline with(ThreadListing threads) {
    VirtualListing known = threads.virtual().isKnown() ? threads.virtual() : virtual;
    if (!covers(threads)) {
      return new Baseline(threads, known);
    }
    return known == virtual ? this : new Baseline(platformIds, known, listing);
  }

  /** Whether no platform thread is new, and not too many of these here have ended. */
  private boolean covers(ThreadListing threads) {
    return platformIds.length <= 2 * threads.platformCount() + 64
        && newAmong(threads, threads.virtual()).isEmpty();
  }

  boolean contains(long id) {
    return Arrays.binarySearch(platformIds, id) >= 0 || virtual.contains(id);
  }

  /** Those of this baseline that are not in {@code other}. */
  LongStream without(Baseline other) {
    LongStream ofPlatform =
        platformIds == other.platformIds ? LongStream.empty() : Arrays.stream(platformIds);
    LongStream ofVirtual = Arrays.stream(virtual.newSince(other.virtual));
    return LongStream.concat(ofPlatform, ofVirtual).filter(id -> !other.contains(id));
  }

  /** The virtual ones among them; a check cannot judge any where these are not known. */
  VirtualListing virtual() {
    return virtual;
  }

  /** Those of {@code threads} that are not in this baseline; allocates nothing if all are. */
  List<LiveThread> newAmong(ThreadListing threads) {
    return newAmong(threads, virtual);
  }

  private List<LiveThread> newAmong(ThreadListing threads, VirtualListing known) {
    ThreadListing earlier = listing.get();
    int same = earlier == null ? 0 : threads.sameAtStart(earlier);
    List<LiveThread> fresh = threads.newSince(platformIds, known, same);
    if (fresh.isEmpty() && same < threads.platformCount()) {
      listing = new WeakReference<>(threads);
    }
    return fresh;
  }
}
