package dev.leakverifier.origin;

import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.jvm.ThreadProbe;
import java.util.concurrent.atomic.AtomicBoolean;

/** Whether this JDK gives a thread its id before it inherits, as 25 does, or after, as 17. */
final class IdOrder {
  private static final InheritableThreadLocal<long[]> TRIAL =
      new InheritableThreadLocal<>() {
        @Override
        protected long[] childValue(long[] probe) {
          probe[0] = ThreadProbe.take();
          return probe;
        }
      };

  private IdOrder() {}

  /** Finds out, on a thread of its own that inherits nothing of the user's. */
  static boolean idComesFirst() {
    AtomicBoolean first = new AtomicBoolean();
    ThreadProbe.runOnThread(
        () -> {
          long[] probe = new long[1];
          TRIAL.set(probe);
          first.set(LiveThreads.id(new Thread(() -> {}, "never started")) < probe[0]);
        });
    return first.get();
  }
}
