package dev.leakverifier.jvm;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The virtual threads that were alive at one instant, by id, as far as the JVM could tell. */
public final class VirtualListing {
  /** There was none. */
  public static final VirtualListing NONE = new VirtualListing(IdSet.NONE, null, 0);

  /** Null where the JVM could not tell. */
  private final @Nullable IdSet ids;

  private final @Nullable String notSeen;
  private final long mark;

  private VirtualListing(@Nullable IdSet ids, @Nullable String notSeen, long mark) {
    this.ids = ids;
    this.notSeen = notSeen;
    this.mark = mark;
  }

  /**
   * Those that the JVM told of.
   *
   * @param notSeen what is missing nevertheless, if anything is
   * @param mark the {@link ThreadCount} when the listing was begun
   */
  public static VirtualListing of(IdSet ids, @Nullable String notSeen, long mark) {
    return new VirtualListing(ids, notSeen, mark);
  }

  /** The JVM could not tell, for that reason. */
  public static VirtualListing unknown(String reason) {
    return new VirtualListing(null, reason, -1);
  }

  /** Whether the thread of that id was alive; false where the JVM could not tell. */
  public boolean contains(long id) {
    return ids != null && ids.contains(id);
  }

  /** Whether the JVM could tell. */
  public boolean isKnown() {
    return ids != null;
  }

  /** Their ids; none where the JVM could not tell. */
  public IdSet ids() {
    return ids == null ? IdSet.NONE : ids;
  }

  /** What the JVM could not tell, in a line; empty if it could. */
  public Optional<String> notSeen() {
    return Optional.ofNullable(notSeen);
  }

  /** Those that were not there earlier; none where either is not known. */
  public IdSet newSince(VirtualListing earlier) {
    return ids == null || earlier.ids == null ? IdSet.NONE : ids.minus(earlier.ids);
  }

  long mark() {
    return mark;
  }
}
