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
 * @param notSeen what the JVM could not tell, each in a line
 */
public record Findings(
    ImmutableList<ThreadSample> leaked,
    ImmutableList<ThreadSample> shared,
    Duration waited,
    boolean collected,
    ImmutableSet<String> notSeen) {
  /** What a check found that had nothing to look at. */
  public static final Findings NONE =
      new Findings(ImmutableList.of(), ImmutableList.of(), Duration.ZERO, false);

  /** What a check found of all that there was to see. */
  public Findings(
      ImmutableList<ThreadSample> leaked,
      ImmutableList<ThreadSample> shared,
      Duration waited,
      boolean collected) {
    this(leaked, shared, waited, collected, ImmutableSet.of());
  }

  /** These findings, of which the JVM could not tell something. */
  public Findings without(Iterable<String> notSeen) {
    return new Findings(
        leaked,
        shared,
        waited,
        collected,
        ImmutableSet.<String>builder().addAll(this.notSeen).addAll(notSeen).build());
  }

  /** These findings and those of a check right after it. */
  public Findings and(Findings later) {
    return new Findings(
        both(leaked, later.leaked),
        both(shared, later.shared),
        waited.plus(later.waited),
        collected || later.collected,
        ImmutableSet.<String>builder().addAll(notSeen).addAll(later.notSeen).build());
  }

  /** The part of these findings that concerns only some of the threads. */
  public Findings of(List<ThreadSample> leaked, List<ThreadSample> shared) {
    return new Findings(
        ImmutableList.copyOf(leaked), ImmutableList.copyOf(shared), waited, collected, notSeen);
  }

  private static ImmutableList<ThreadSample> both(
      List<ThreadSample> earlier, List<ThreadSample> later) {
    return ImmutableList.<ThreadSample>builder().addAll(earlier).addAll(later).build();
  }
}
