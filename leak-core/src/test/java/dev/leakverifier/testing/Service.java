package dev.leakverifier.testing;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** The article's example: a service with three workers that poll until it is stopped. */
public final class Service {
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(3);
  private final BiConsumer<String, Runnable> starter;

  /** A service whose workers {@link Leaks} ends if {@link #stop} is forgotten. */
  public Service() {
    this(Leaks::leave);
  }

  /** A service whose workers {@code starter} starts, by name. */
  public Service(BiConsumer<String, Runnable> starter) {
    this.starter = starter;
  }

  public void start() {
    for (int i = 1; i <= 3; i++) {
      starter.accept("worker-" + i, this::work);
    }
  }

  public void stop() throws InterruptedException {
    stopped.countDown();
    ended.await();
  }

  private void work() {
    try {
      while (!stopped.await(100, TimeUnit.MILLISECONDS)) {
        // a round of work
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }
}
