package dev.leakverifier.jvm;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The threads that were alive at one instant. */
public final class ThreadListing {
  private final @Nullable Thread[] platform;
  private final VirtualListing virtual;

  /**
   * Those that were alive.
   *
   * @param platform the first null ends it; not copied
   */
  public ThreadListing(@Nullable Thread[] platform, VirtualListing virtual) {
    this.platform = platform;
    this.virtual = virtual;
  }

  /** The virtual ones among them. */
  public VirtualListing virtual() {
    return virtual;
  }

  /** The same platform threads with those virtual ones. */
  public ThreadListing with(VirtualListing virtual) {
    return new ThreadListing(platform, virtual);
  }

  /** The ids of the platform threads. */
  public IdSet platformIds() {
    long[] ids = new long[platformCount()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = ThreadIds.of(requireNonNull(platform[i]));
    }
    return IdSet.of(ids);
  }

  /** How many platform threads there are. */
  public int platformCount() {
    int count = platform.length;
    while (count > 0 && platform[count - 1] == null) {
      count--;
    }
    return count;
  }

  /** All of them. */
  public List<LiveThread> threads() {
    return newSince(IdSet.NONE, VirtualListing.NONE, 0);
  }

  /** How many of the platform threads, from the first one on, are those of {@code other}. */
  public int sameAtStart(ThreadListing other) {
    int end = Math.min(platformCount(), other.platform.length);
    int same = 0;
    while (same < end && platform[same] == other.platform[same]) {
      same++;
    }
    return same;
  }

  /**
   * How many of the platform threads, from the first one on, come before {@code fresh}, which
   * {@link #newSince} gave; all if none of these is one.
   *
   * @param atLeast that it is known to be
   */
  public int countBefore(List<LiveThread> fresh, int atLeast) {
    Thread first = fresh.isEmpty() ? null : fresh.get(0).thread();
    int count = atLeast;
    while (count < platform.length && platform[count] != first) { // the first null ends them
      count++;
    }
    return count;
  }

  /**
   * Those that are in neither of the two; allocates nothing if there are none.
   *
   * @param known so many at the start need not be looked up, since they are in {@code platformIds}:
   *     to look into a thread costs more than all else here
   */
  public List<LiveThread> newSince(IdSet platformIds, VirtualListing earlier, int known) {
    List<LiveThread> fresh = List.of();
    for (int i = known; i < platform.length; i++) {
      Thread thread = platform[i];
      if (thread == null) {
        break;
      }
      long id = ThreadIds.of(thread);
      if (!platformIds.contains(id)) {
        fresh = fresh.isEmpty() ? new ArrayList<>() : fresh;
        fresh.add(new LiveThread(id, thread));
      }
    }
    for (long id : virtual.newSince(earlier).toArray()) {
      fresh = fresh.isEmpty() ? new ArrayList<>() : fresh;
      fresh.add(new LiveThread(id, null));
    }
    return fresh.isEmpty() ? fresh : Collections.unmodifiableList(fresh);
  }
}
