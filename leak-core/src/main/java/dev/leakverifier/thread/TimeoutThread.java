package dev.leakverifier.thread;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.google.common.util.concurrent.Uninterruptibles;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;

/**
 * The thread that runs the timeouts of all {@code CompletableFuture}s of this JVM. Before JDK 25 a
 * user's pool can look the same, so the thread is asked for its id: it runs what is delayed.
 */
final class TimeoutThread {
  /** An idle thread answers in a millisecond or two. */
  private static final long PATIENCE_MILLIS = 200;

  private static volatile long id;

  private TimeoutThread() {}

  /** Whether it is {@code thread}, and waits for work: at work it is not asked, and may hang. */
  static boolean idlesAs(ThreadSample thread) {
    if (!ThreadMarks.idlesInPool(thread)) {
      return false;
    }
    if (ThreadMarks.isDumped(thread)) {
      return true; // of another JVM: its name has to do
    }
    if (thread.id() != id) {
      id = ask();
    }
    return thread.id() == id;
  }

  private static long ask() {
    Executor onItself =
        CompletableFuture.delayedExecutor(/* delay= */ 1, MILLISECONDS, Runnable::run);
    try {
      return requireNonNull(
          Uninterruptibles.getUninterruptibly(
              CompletableFuture.supplyAsync(() -> Thread.currentThread().getId(), onItself),
              PATIENCE_MILLIS,
              MILLISECONDS));
    } catch (ExecutionException | TimeoutException e) {
      return 0; // it hangs, so it is not one that waits for work
    }
  }
}
