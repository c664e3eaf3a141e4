package dev.leakverifier.jvm;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The virtual threads that were alive at one instant, by id, as far as the JVM could tell. */
public final class VirtualListing {
  private static final long[] NO_IDS = {};

  /** There was none. */
  public static final VirtualListing NONE = new VirtualListing(NO_IDS, null, 0);

  /** Ascending; null where the JVM could not tell. */
  private final long @Nullable [] ids;

  private final @Nullable String notSeen;
  private final long mark;

  private VirtualListing(long @Nullable [] ids, @Nullable String notSeen, long mark) {
    this.ids = ids;
    this.notSeen = notSeen;
    this.mark = mark;
  }

  /**
   * Those that the JVM told of.
   *
   * @param ids in ascending order; one may be there twice
   * @param notSeen what is missing nevertheless, if anything is
   * @param mark the {@link ThreadCount} when the listing was begun
   */
  public static VirtualListing of(long[] ids, @Nullable String notSeen, long mark) {
    return new VirtualListing(ids, notSeen, mark);
  }

  /** The JVM could not tell, for that reason. */
  public static VirtualListing unknown(String reason) {
    return new VirtualListing(null, reason, -1);
  }

  /** Whether the thread of that id was alive; false where the JVM could not tell. */
  public boolean contains(long id) {
    return ids != null && Arrays.binarySearch(ids, id) >= 0;
  }

  /** Whether the JVM could tell. */
  public boolean isKnown() {
    return ids != null;
  }

  /** Their ids, in ascending order; none where the JVM could not tell. */
  public long[] sortedIds() {
    return ids == null ? new long[0] : ids.clone();
  }

  /** What the JVM could not tell, in a line; empty if it could. */
  public Optional<String> notSeen() {
    return Optional.ofNullable(notSeen);
  }

  /** Those that were not there earlier; none where either is not known, so that none is wrong. */
  public long[] newSince(VirtualListing earlier) {
    if (ids == null || earlier == this || earlier.ids == null) {
      return NO_IDS;
    }
    long[] fresh = NO_IDS;
    int count = 0;
    int next = 0; // in the earlier ones
    for (int i = 0; i < ids.length; i++) {
      long id = ids[i];
      while (next < earlier.ids.length && earlier.ids[next] < id) {
        next++;
      }
      boolean isKnown = next < earlier.ids.length && earlier.ids[next] == id;
      if (!isKnown && (i == 0 || ids[i - 1] != id)) {
        fresh = count == 0 ? new long[ids.length - i] : fresh;
        fresh[count++] = id;
      }
    }
    return count == 0 ? NO_IDS : Arrays.copyOf(fresh, count);
  }

  long mark() {
    return mark;
  }
}
