package dev.leakverifier.report;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.List;

/**
 * What a check found.
 *
 * @param leaked the threads that are left, as they were when the check gave up waiting for them
 * @param shared threads of libraries that nobody can stop, and so no leak
 * @param waited how long the check waited for threads to end
 * @param collected whether a garbage collection was asked for, which ends threads whose owner is
 *     unreachable
 * @param notes what the check could not see, a sentence each
 */
public record Findings(
    ImmutableList<ThreadSample> leaked,
    ImmutableList<ThreadSample> shared,
    Duration waited,
    boolean collected,
    ImmutableSet<String> notes) {
  /** What a check found that had nothing to look at. */
  public static final Findings NONE =
      new Findings(ImmutableList.of(), ImmutableList.of(), Duration.ZERO, false, ImmutableSet.of());

  /** These findings and those of a check right after it. */
  public Findings and(Findings later) {
    return new Findings(
        both(leaked, later.leaked),
        both(shared, later.shared),
        waited.plus(later.waited),
        collected || later.collected,
        ImmutableSet.<String>builder().addAll(notes).addAll(later.notes).build());
  }

  /** The part of these findings that concerns only some of the threads. */
  public Findings of(List<ThreadSample> leaked, List<ThreadSample> shared) {
    return new Findings(
        ImmutableList.copyOf(leaked), ImmutableList.copyOf(shared), waited, collected, notes);
  }

  private static ImmutableList<ThreadSample> both(
      List<ThreadSample> earlier, List<ThreadSample> later) {
    return ImmutableList.<ThreadSample>builder().addAll(earlier).addAll(later).build();
  }
}
