package dev.leakverifier.cli;

import java.io.PrintStream;
import java.time.Duration;

/** How a command waits; on a terminal it shows that it does. */
interface Waiting {
  /** Waits; {@code what} says for what. */
  void await(Duration time, String what) throws InterruptedException;

  /** Really waits, and counts down on {@code err} if that is a {@code terminal}. */
  static Waiting real(PrintStream err, boolean terminal) {
    return (time, what) -> {
      if (!terminal) {
        Thread.sleep(time.toMillis());
        return;
      }
      long end = System.nanoTime() + time.toNanos();
      for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
        err.print("\r" + what + ": " + (left / 1_000_000_000 + 1) + " s ");
        err.flush();
        Thread.sleep(Math.min(1_000, Math.max(1, left / 1_000_000)));
      }
      err.print("\r" + " ".repeat(what.length() + 12) + "\r");
      err.flush();
    };
  }
}
