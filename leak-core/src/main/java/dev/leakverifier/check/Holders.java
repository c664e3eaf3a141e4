package dev.leakverifier.check;

import java.util.List;

/** Tells who holds what leaked threads belong to; asked once a verdict, where something is left. */
interface Holders {
  /** Asks nobody. */
  Holders NONE = (found, suspects) -> found;

  /**
   * The same findings, in which threads say who holds them, as far as that can be told.
   *
   * @param suspects among which the leaked threads are
   */
  Findings tell(Findings found, List<Suspect> suspects);
}
