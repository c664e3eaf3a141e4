package dev.leakverifier.diagnosis;

import static java.util.stream.Collectors.toMap;

import dev.leakverifier.diagnosis.Observation.Watched;
import dev.leakverifier.thread.ThreadLock;
import dev.leakverifier.thread.ThreadSample;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds who holds the lock that a thread waits for, who the one that this one waits for, and so on.
 */
public final class LockHolders {
  /** How far it is followed who holds the lock that a holder waits for. */
  public static final int MOST = 20;

  private final Map<Long, ThreadSample> threads;

  private LockHolders(Map<Long, ThreadSample> threads) {
    this.threads = threads;
  }

  /** The holders that are among {@code threads}, which were all seen at about one instant. */
  public static LockHolders among(Collection<ThreadSample> threads) {
    return new LockHolders(
        threads.stream()
            .collect(toMap(ThreadSample::id, thread -> thread, (first, same) -> first)));
  }

  static List<Observation> observe(Collection<ThreadSample> threads) {
    LockHolders holders = among(threads);
    return threads.stream()
        .map(thread -> new Observation(thread, Watched.ONCE, holders.of(thread), Optional.empty()))
        .toList();
  }

  /**
   * The holders for {@code thread}, the next one first; ends with itself if it is in a deadlock.
   */
  public List<ThreadSample> of(ThreadSample thread) {
    ThreadSample next = holderFor(thread);
    if (next == null) {
      return List.of();
    }
    Set<Long> seen = new HashSet<>();
    List<ThreadSample> holders = new ArrayList<>();
    while (next != null && seen.add(next.id()) && seen.size() <= MOST) {
      holders.add(next);
      next = next.id() == thread.id() ? null : holderFor(next);
    }
    return holders;
  }

  private @Nullable ThreadSample holderFor(ThreadSample thread) {
    OptionalLong holder = thread.lock().map(ThreadLock::ownerId).orElse(OptionalLong.empty());
    return holder.isPresent() ? threads.get(holder.getAsLong()) : null;
  }
}
