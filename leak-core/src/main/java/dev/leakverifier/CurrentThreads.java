package dev.leakverifier;

import dev.leakverifier.thread.LiveThreads;

/** What {@code ignoreCurrent()} remembers: the threads alive then, and where it was written. */
record CurrentThreads(Baseline baseline, CallSite madeAt) {
  static CurrentThreads now() {
    return new CurrentThreads(Baseline.of(LiveThreads.JVM.list()), CallSite.here());
  }

  boolean contains(long id) {
    return baseline.contains(id);
  }
}
