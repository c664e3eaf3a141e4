package com.acme;

import java.util.concurrent.CyclicBarrier;

/** Where the two classes meet. */
final class Classes {
  private static final CyclicBarrier BOTH_RUN = new CyclicBarrier(2);
  private static final CyclicBarrier ONE_HAS_LEFT = new CyclicBarrier(2);

  private Classes() {}

  static void bothRun() throws Exception {
    Meeting.at(BOTH_RUN);
  }

  static void oneHasLeft() throws Exception {
    Meeting.at(ONE_HAS_LEFT);
  }
}
