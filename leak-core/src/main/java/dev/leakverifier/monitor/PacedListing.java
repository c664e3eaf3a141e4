package dev.leakverifier.monitor;

import com.google.common.base.Ticker;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.jvm.ThreadSource;
import dev.leakverifier.jvm.VirtualListing;

/**
 * Lists the live threads: the platform ones each time, which costs microseconds, the virtual ones
 * at most so often that their thread dumps take a thousandth of the time.
 */
final class PacedListing {
  /** For each nanosecond of a look at virtual threads so many without one. */
  private static final long PACE = 1_000;

  private final ThreadSource all;
  private final ThreadSource platformOnly;
  private final boolean virtualThreads;
  private final Ticker ticker;
  private boolean noneLeft;
  private VirtualListing last = VirtualListing.NONE;
  private long dueAt;

  PacedListing(ThreadSource source, boolean virtualThreads, Ticker ticker) {
    this.all = source;
    this.platformOnly = source.platformOnly();
    this.virtualThreads = virtualThreads;
    this.ticker = ticker;
    this.dueAt = ticker.read();
  }

  /**
   * A look at the threads.
   *
   * @param sawVirtual whether the virtual ones were looked for, too, and the JVM could tell
   */
  record Look(ThreadListing threads, boolean sawVirtual) {}

  Look next() {
    long start = ticker.read();
    if (!virtualThreads || start - dueAt < 0) {
      return new Look(platformOnly.list(), /* sawVirtual= */ false);
    }
    // An earlier listing may hold some that have ended since; but not if it holds none.
    ThreadListing threads = noneLeft ? all.listSince(last) : all.list();
    spent(start);
    if (!threads.virtual().isKnown()) {
      return new Look(threads, /* sawVirtual= */ false);
    }
    last = threads.virtual();
    noneLeft = last.ids().isEmpty();
    return new Look(threads, /* sawVirtual= */ true);
  }

  /** Virtual threads were looked at, from {@code start} until now. */
  void spent(long start) {
    long now = ticker.read();
    long from = dueAt - now > 0 ? dueAt : now;
    dueAt = from + PACE * (now - start);
  }
}
