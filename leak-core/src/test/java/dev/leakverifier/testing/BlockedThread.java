package dev.leakverifier.testing;

import com.google.common.util.concurrent.Uninterruptibles;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** A thread that stands still until it is closed: what a leak looks like, but with an end. */
public final class BlockedThread implements AutoCloseable {
  /** The function in which such a thread stands. */
  public static final String FUNCTION = BlockedThread.class.getName() + ".block";

  private final Thread thread;

  private BlockedThread(Thread thread) {
    this.thread = thread;
  }

  /** Starts a thread; when this returns, it is waiting in {@link #FUNCTION}. */
  public static BlockedThread start(String name) {
    return start(body -> new Thread(body, name));
  }

  /** Starts the thread that {@code factory} makes; when this returns, it is waiting. */
  public static BlockedThread start(Function<Runnable, Thread> factory) {
    Thread thread = factory.apply(BlockedThread::block);
    thread.start();
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return new BlockedThread(thread);
  }

  public Thread thread() {
    return thread;
  }

  /** Lets the thread go, without waiting until it has ended. */
  public void release() {
    thread.interrupt();
  }

  /** Lets the thread go, and waits until it has ended. */
  @Override
  public void close() {
    release();
    Uninterruptibles.joinUninterruptibly(thread);
  }

  private static void block() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
