package dev.leakverifier.check;

import dev.leakverifier.thread.ThreadSample;
import java.util.List;

/** Tells who holds what leaked threads belong to; asked once a verdict, where something is left. */
@FunctionalInterface
interface Holders {
  /** Asks nobody. */
  Holders NONE = (found, suspects) -> found;

  /** Whether some thread has looked so that was held as long as the JVM lives: no proof. */
  default boolean looksHeld(ThreadSample thread) {
    return false;
  }

  /** Whether any thread was held so. */
  default boolean haveHeld() {
    return false;
  }

  /**
   * The same findings, in which threads say who holds them, as far as that can be told.
   *
   * @param suspects among which the leaked threads are
   */
  Findings tell(Findings found, List<Suspect> suspects);
}
