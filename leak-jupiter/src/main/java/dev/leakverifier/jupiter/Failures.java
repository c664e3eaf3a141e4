package dev.leakverifier.jupiter;

import java.util.ArrayList;
import java.util.List;
import org.opentest4j.MultipleFailuresError;

/** What a place fails with when it is over; until then others may add to it. Thread-safe. */
final class Failures {
  private final List<Throwable> all = new ArrayList<>();
  private boolean thrown;

  /** Adds one, unless it is too late. */
  synchronized boolean add(Throwable failure) {
    return !thrown && all.add(failure);
  }

  /** Throws them all, or nothing; from then on none can be added. */
  void throwAll() {
    synchronized (this) {
      thrown = true;
    }
    if (all.size() > 1) {
      throw new MultipleFailuresError("", all);
    }
    for (Throwable only : all) {
      if (only instanceof Error error) {
        throw error;
      }
      throw new AssertionError(only.getMessage(), only); // JUnit keeps the message of errors only
    }
  }
}
