package dev.leakverifier.testing;

import com.google.common.util.concurrent.Uninterruptibles;
import java.util.concurrent.CountDownLatch;

/** The monitor of an object, in which a thread stays until this is closed. */
public final class HeldMonitor implements AutoCloseable {
  private final CountDownLatch released = new CountDownLatch(1);
  private final Thread holder;

  private HeldMonitor(Object object) {
    CountDownLatch entered = new CountDownLatch(1);
    holder =
        new Thread(
            () -> {
              synchronized (object) {
                entered.countDown();
                Uninterruptibles.awaitUninterruptibly(released);
              }
            },
            "holder");
    holder.start();
    Uninterruptibles.awaitUninterruptibly(entered);
  }

  /** Has another thread enter the monitor of {@code object}; when this returns, it is inside. */
  public static HeldMonitor of(Object object) {
    return new HeldMonitor(object);
  }

  public Thread holder() {
    return holder;
  }

  /** Whether nobody else can have entered it meanwhile. */
  public boolean isHeld() {
    return holder.isAlive() && released.getCount() > 0;
  }

  /** Lets the holder leave the monitor, and waits until it has ended. */
  @Override
  public void close() {
    released.countDown();
    Uninterruptibles.joinUninterruptibly(holder);
  }
}
