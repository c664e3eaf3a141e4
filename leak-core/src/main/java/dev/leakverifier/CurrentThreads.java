package dev.leakverifier;

import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.thread.ThreadSample;

/** What {@code ignoreCurrent()} remembers: the threads alive then, and where it was written. */
record CurrentThreads(Baseline baseline, CallSite madeAt) {
  static CurrentThreads now() {
    return new CurrentThreads(Baseline.of(LiveThreads.JVM.list()), CallSite.here());
  }

  /** A virtual thread may be one of them where the JVM could not tell which these were. */
  boolean mayContain(ThreadSample thread) {
    return baseline.contains(thread.id()) || (thread.isVirtual() && !baseline.virtual().isKnown());
  }
}
