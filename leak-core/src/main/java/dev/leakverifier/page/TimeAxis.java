package dev.leakverifier.page;

import java.time.Duration;
import java.util.Locale;

/**
 * Where an instant of a run stands between its start and its end, and the ticks between them.
 *
 * @param lengthMillis at least 1
 * @param tickMillis between two ticks; a round number
 */
record TimeAxis(long lengthMillis, long tickMillis) {
  private static final int MAX_TICKS = 8;

  /** From here on, times are told in minutes. */
  private static final int MINUTES = 100_000;

  private static final long[] ROUND = {1, 2, 5, 10, 15, 30, 60};

  static TimeAxis of(Duration length) {
    long millis = Math.max(1, length.toMillis());
    return new TimeAxis(millis, tick(millis));
  }

  private static long tick(long length) {
    for (long unit : new long[] {1, 10, 100, 1_000, 60_000}) {
      for (long round : ROUND) {
        boolean decimal = unit >= 1_000 || round == 1 || round == 2 || round == 5;
        if (decimal && length <= MAX_TICKS * unit * round) {
          return unit * round;
        }
      }
    }
    long tick = 3_600_000;
    while (length > MAX_TICKS * tick) {
      tick *= 2;
    }
    return tick;
  }

  /** In percent of the length. */
  double percent(Duration time) {
    return percent(time.toMillis());
  }

  double percent(long millis) {
    double percent = 100.0 * millis / lengthMillis;
    return Math.round(Math.max(0, Math.min(100, percent)) * 1_000) / 1_000.0;
  }

  /** How far apart the lines of the ticks are. */
  String style() {
    return ":root{--tick:" + percent(tickMillis) + "%}\n";
  }

  /** What stands at a tick; without the decimals that none of the ticks needs. */
  String label(long millis) {
    if (lengthMillis >= MINUTES) {
      return String.format(Locale.ROOT, "%d:%02d", millis / 60_000, millis / 1_000 % 60);
    }
    return tickMillis % 1_000 == 0 ? millis / 1_000 + " s" : text(Duration.ofMillis(millis));
  }

  /** As {@code 0.25 s} or {@code 3:07 min}: all times of an axis have its unit and precision. */
  String text(Duration time) {
    return number(time) + (lengthMillis < MINUTES ? " s" : " min");
  }

  /** As {@code between 0.25 and 0.30 s}, or {@code at 0.25 s}. */
  String span(Duration from, Duration to) {
    String first = number(from);
    return first.equals(number(to)) ? "at " + text(to) : "between " + first + " and " + text(to);
  }

  private String number(Duration time) {
    long millis = time.toMillis();
    if (lengthMillis < MINUTES) {
      return String.format(Locale.ROOT, lengthMillis < 10_000 ? "%.2f" : "%.1f", millis / 1e3);
    }
    return String.format(Locale.ROOT, "%d:%02d", millis / 60_000, millis / 1_000 % 60);
  }
}
