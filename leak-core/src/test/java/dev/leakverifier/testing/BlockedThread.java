package dev.leakverifier.testing;

import com.google.common.util.concurrent.Uninterruptibles;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** A thread that stands still until it is closed: what a leak looks like, but with an end. */
public final class BlockedThread implements AutoCloseable {
  /** The function in which such a thread stands. */
  public static final String FUNCTION = BlockedThread.class.getName() + ".block";

  private final CountDownLatch released = new CountDownLatch(1);
  private final Thread thread;

  private BlockedThread(Function<Runnable, Thread> factory) {
    this.thread = factory.apply(this::block);
  }

  /** Starts a thread; when this returns, it is waiting in {@link #FUNCTION}. */
  public static BlockedThread start(String name) {
    return start(body -> new Thread(body, name));
  }

  /** Starts the thread that {@code factory} makes; when this returns, it is waiting. */
  public static BlockedThread start(Function<Runnable, Thread> factory) {
    BlockedThread blocked = new BlockedThread(factory);
    blocked.thread.start();
    while (blocked.thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return blocked;
  }

  public Thread thread() {
    return thread;
  }

  /** Lets the thread go, without waiting until it has ended. */
  public void release() {
    released.countDown();
  }

  /** Lets the thread go, and waits until it has ended. */
  @Override
  public void close() {
    release();
    Uninterruptibles.joinUninterruptibly(thread);
  }

  private void block() {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
