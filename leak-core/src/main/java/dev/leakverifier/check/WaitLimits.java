package dev.leakverifier.check;

import java.time.Duration;
import java.util.Collection;

/**
 * How long a check waits at most.
 *
 * @param first for a kind of thread that it has not seen to outlive a wait
 * @param most for others
 */
public record WaitLimits(Duration first, Duration most) {
  /** A clean close takes so long in libraries that are known for it. */
  static final Duration DEFAULT_FIRST = Duration.ofSeconds(5);

  static final Duration DEFAULT_MOST = Duration.ofSeconds(1);

  static final WaitLimits NONE = new WaitLimits(Duration.ZERO, Duration.ZERO);

  /** The longest of each. */
  public static WaitLimits longest(Collection<WaitLimits> all) {
    return all.stream()
        .reduce(
            NONE,
            (one, other) ->
                new WaitLimits(longer(one.first, other.first), longer(one.most, other.most)));
  }

  /** Whether it looks once, and does not wait. */
  boolean isZero() {
    return most.isZero();
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }
}
