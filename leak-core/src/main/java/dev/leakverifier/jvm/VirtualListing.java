package dev.leakverifier.jvm;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The virtual threads that were alive at one instant, by id, as far as the JVM was asked. */
public final class VirtualListing {
  /** There was none. */
  public static final VirtualListing NONE = new VirtualListing(IdSet.NONE, null, ThreadClock.START);

  /** Null where the JVM could not tell, or was not asked. */
  private final @Nullable IdSet ids;

  private final @Nullable String notSeen;
  private final ThreadClock at;

  private VirtualListing(@Nullable IdSet ids, @Nullable String notSeen, ThreadClock at) {
    this.ids = ids;
    this.notSeen = notSeen;
    this.at = at;
  }

  /**
   * Those that the JVM told of.
   *
   * @param notSeen what is missing nevertheless, if anything is
   * @param at when the listing was begun
   */
  public static VirtualListing of(IdSet ids, @Nullable String notSeen, ThreadClock at) {
    return new VirtualListing(ids, notSeen, at);
  }

  /** The JVM could not tell, for that reason. */
  public static VirtualListing unknown(String reason, ThreadClock at) {
    return new VirtualListing(null, reason, at);
  }

  /** The JVM was not asked then. */
  public static VirtualListing notAsked(ThreadClock at) {
    return new VirtualListing(null, null, at);
  }

  /** Whether the thread of that id was alive; false where it is not known. */
  public boolean contains(long id) {
    return ids != null && ids.contains(id);
  }

  /** Whether the JVM was asked, and could tell. */
  public boolean isKnown() {
    return ids != null;
  }

  /** Their ids; none where they are not known. */
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

  /** When that was. */
  public ThreadClock at() {
    return at;
  }

  /** Those that had been made by then; itself if all had, else one that is not the latest. */
  public VirtualListing madeBy(ThreadClock then) {
    IdSet older = ids().upTo(then.lastId());
    return older.equals(ids()) ? this : new VirtualListing(older, notSeen, then);
  }
}
