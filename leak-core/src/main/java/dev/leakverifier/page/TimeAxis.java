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

  /** A time as a person reads it, e.g. {@code 0.25 s}, {@code 3:07 min}. */
  static String text(Duration time) {
    long millis = time.toMillis();
    if (millis < MINUTES) {
      return String.format(Locale.ROOT, millis < 10_000 ? "%.2f s" : "%.1f s", millis / 1e3);
    }
    return String.format(Locale.ROOT, "%d:%02d min", millis / 60_000, millis / 1_000 % 60);
  }
}
