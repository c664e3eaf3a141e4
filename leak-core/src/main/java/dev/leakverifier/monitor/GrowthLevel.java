package dev.leakverifier.monitor;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;

/**
 * How far the number of long-lived threads stands above its lowest level, and when that is worth
 * saying.
 *
 * <p>The lowest level sinks only with a fall that has lasted for two windows: when a service puts a
 * new pool in the place of an old one, the new workers take one window until they count, and are no
 * growth.
 */
final class GrowthLevel {
  private final int limit;
  private final Ticker ticker;
  private final Deque<Integer> counts;

  /** When the last looks were; what counts was there at all of them. */
  private final Deque<Long> looks;

  private int lowest;
  private int count;

  /** When all were there that count at the lowest level. */
  private long lowestAt;

  /** The growth at the last alarm; 0 if there was none, or all is well again. */
  private int alarmedAt;

  /** What there is to say. */
  enum Change {
    NONE,
    ALARM,
    RECOVERED
  }

  /** At the start, with {@code count} long-lived threads. */
  GrowthLevel(int limit, int window, int count, Ticker ticker) {
    this.limit = limit;
    this.ticker = ticker;
    this.counts = new ArrayDeque<>(Collections.nCopies(2 * window, count));
    this.lowest = count;
    this.count = count;
    this.lowestAt = ticker.read();
    this.looks = new ArrayDeque<>(Collections.nCopies(window, lowestAt));
  }

  /** Whether so many would be growth. */
  boolean isAbove(int count) {
    return count > lowest;
  }

  /**
   * Takes note of how many there are now.
   *
   * @param complete whether the look saw the virtual threads, too. Their window is longer than that
   *     of the platform threads, and so has to be that in which the level sinks
   */
  Change note(int count, boolean complete) {
    this.count = count;
    if (complete) {
      counts.removeFirst();
      counts.addLast(count);
    }
    looks.removeFirst();
    looks.addLast(ticker.read());
    int level = Math.max(count, Collections.max(counts));
    if (level <= lowest) {
      lowest = level;
      lowestAt = looks.getFirst();
    }
    return change();
  }

  private Change change() {
    int growth = growth();
    if (growth >= (alarmedAt == 0 ? limit : (long) alarmedAt + limit)) {
      alarmedAt = growth;
      return Change.ALARM;
    }
    if (alarmedAt > 0 && 2L * growth < limit) {
      alarmedAt = 0;
      return Change.RECOVERED;
    }
    return Change.NONE;
  }

  int growth() {
    return Math.max(0, count - lowest);
  }

  /** The time in which the threads were started that there are more than at the lowest level. */
  Duration since() {
    return Duration.ofNanos(ticker.read() - lowestAt);
  }

  boolean isAlarmed() {
    return alarmedAt > 0;
  }
}
