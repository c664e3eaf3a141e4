package dev.leakverifier.thread;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The virtual threads that were alive at one instant, by id, as far as the JVM could tell. */
public final class VirtualListing {
  /** There was none. */
  public static final VirtualListing NONE = new VirtualListing(new long[0], null, 0);

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
   * @param ids in ascending order
   * @param notSeen what is missing nevertheless, if anything is
   * @param mark the {@link ThreadCount} when the listing was begun
   */
  static VirtualListing of(long[] ids, @Nullable String notSeen, long mark) {
    return new VirtualListing(ids, notSeen, mark);
  }

  /** The JVM could not tell, for that reason. */
  static VirtualListing unknown(String reason) {
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
  long[] newSince(VirtualListing earlier) {
    if (ids == null || ids.length == 0 || !earlier.isKnown()) {
      return new long[0];
    }
    return Arrays.stream(ids).filter(id -> !earlier.contains(id)).toArray();
  }

  long mark() {
    return mark;
  }
}
