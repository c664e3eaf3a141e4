package dev.leakverifier.check;

import dev.leakverifier.jvm.IdSet;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.jvm.VirtualListing;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The threads that were alive at one instant, by id: it keeps no thread alive, and an id is never
 * given twice.
 */
public final class Baseline {
  /** No thread at all: every live thread is new. */
  public static final Baseline NONE =
      new Baseline(IdSet.NONE, VirtualListing.NONE, new Recent(null, 0));

  /** The baseline made last: mostly nothing has changed since, and its ids serve again. */
  private static volatile Baseline last = NONE;

  private final IdSet platform;
  private final VirtualListing virtual;

  private volatile Recent recent;

  /**
   * A listing, until it is collected, that began with threads of this baseline: to compare with it
   * is faster than to look up ids.
   */
  private static final class Recent extends WeakReference<@Nullable ThreadListing> {
    /** How many of its platform threads, from the first one on, are in the baseline. */
    private final int known;

    Recent(@Nullable ThreadListing listing, int known) {
      super(listing);
      this.known = known;
    }

    /** How many at the start of {@code threads} are in the baseline, as far as this tells. */
    int knownIn(ThreadListing threads) {
      ThreadListing listing = get();
      return listing == null ? 0 : Math.min(known, threads.sameAtStart(listing));
    }
  }

  private Baseline(IdSet platform, VirtualListing virtual, Recent recent) {
    this.platform = platform;
    this.virtual = virtual;
    this.recent = recent;
  }

  private Baseline(ThreadListing threads, VirtualListing virtual) {
    this(threads.platformIds(), virtual, new Recent(threads, threads.platformCount()));
  }

  /** All of {@code threads}; may hold some besides that have ended. */
  public static Baseline of(ThreadListing threads) {
    Baseline shared = last;
    Baseline baseline =
        shared.covers(threads)
            ? new Baseline(shared.platform, threads.virtual(), shared.recent)
            : new Baseline(threads, threads.virtual());
    last = baseline;
    return baseline;
  }

  /** This baseline without those platform threads that are not in {@code live}. */
  public Baseline withoutEnded(ThreadListing live) {
    return new Baseline(live, virtual);
  }

  /**
   * This baseline with the new ones of {@code threads}, and with its own virtual ones where the JVM
   * cannot tell them now; itself if there are none. May hold some besides that have ended.
   */
  public Baseline with(ThreadListing threads) {
    VirtualListing known = threads.virtual().isKnown() ? threads.virtual() : virtual;
    if (!covers(threads)) {
      return new Baseline(threads, known);
    }
    return known == virtual ? this : new Baseline(platform, known, recent);
  }

  /** This baseline with those virtual threads in place of its own. */
  public Baseline with(VirtualListing listing) {
    return new Baseline(platform, listing, recent);
  }

  /** Whether no platform thread is new, and not too many of these here have ended. */
  private boolean covers(ThreadListing threads) {
    return platform.size() <= 2 * threads.platformCount() + 64
        && newAmong(threads, threads.virtual()).isEmpty();
  }

  public boolean contains(long id) {
    return platform.contains(id) || virtual.contains(id);
  }

  /** A virtual thread may be one of them where the JVM could not tell which these were. */
  boolean mayContain(long id, boolean isVirtual) {
    return contains(id) || (isVirtual && !virtual.isKnown());
  }

  /** Those of this baseline that are not in {@code other}. */
  public LongStream without(Baseline other) {
    return LongStream.of(
        platform.minus(other.platform).plus(virtual.newSince(other.virtual)).toArray());
  }

  /** The virtual ones among them; a check cannot judge any where these are not known. */
  public VirtualListing virtual() {
    return virtual;
  }

  /** Those of {@code threads} that are not in this baseline; allocates nothing if all are. */
  public List<LiveThread> newAmong(ThreadListing threads) {
    return newAmong(threads, virtual);
  }

  /** Those of the virtual {@code threads} that are not in this baseline. */
  public List<LiveThread> newAmong(VirtualListing threads) {
    return LongStream.of(threads.newSince(virtual).toArray())
        .mapToObj(id -> new LiveThread(id, null))
        .toList();
  }

  private List<LiveThread> newAmong(ThreadListing threads, VirtualListing knownVirtual) {
    int known = recent.knownIn(threads);
    List<LiveThread> fresh = threads.newSince(platform, knownVirtual, known);
    int nowKnown = threads.countBefore(fresh, known);
    if (known < nowKnown) {
      recent = new Recent(threads, nowKnown);
    }
    return fresh;
  }
}
