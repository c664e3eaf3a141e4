package dev.leakverifier.jvm;

import dev.leakverifier.host.Log;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A short-lived thread of our own that does what has to enter a monitor, which user code can hold
 * for ever: so only this thread waits for it.
 */
abstract class Bystander extends Thread {
  private static final Log LOG = Log.of(Bystander.class);

  /** Enough for any thread to come to run. */
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private static final long NAP_NANOS = 20_000;

  private volatile boolean done;
  private volatile boolean ended;

  /** Costs little but its id, as long as it is not started. */
  Bystander(@Nullable ThreadGroup group) {
    super(group, null, "LeakVerifier look", 0, /* inheritThreadLocals= */ false);
  }

  /** What it does. */
  abstract void look();

  /** Whether it waits for nobody any more. */
  final boolean hasEnded() {
    return ended;
  }

  /** Starts it, and waits a while; returns whether it has done what it does. */
  final boolean isDoneInTime() {
    setDaemon(true);
    setContextClassLoader(null); // a test's class loader must not live on in it
    start();
    long start = System.nanoTime();
    while (!ended && System.nanoTime() - start < PATIENCE_NANOS) {
      LockSupport.parkNanos(NAP_NANOS);
    }
    return done;
  }

  @Override
  public final void run() {
    try {
      look();
      done = true;
    } catch (Throwable e) { // no memory, say: who asks does without, and nothing goes to stderr
      LOG.debug("{} is lost", getName(), e);
    } finally {
      ended = true;
    }
  }
}
