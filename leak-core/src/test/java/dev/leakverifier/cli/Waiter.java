package dev.leakverifier.cli;

import dev.leakverifier.testing.ThreadForm;
import java.util.concurrent.CountDownLatch;

/** A JVM with threads that wait, until it is ended. */
final class Waiter {
  static final int THREADS = 300;
  static final int VIRTUAL = 3;

  /** The property that says what virtual threads are called. */
  static final String NAME = "waiter.name";

  private Waiter() {}

  public static void main(String[] args) throws InterruptedException {
    String name = System.getProperty(NAME, "");
    for (int i = 0; i < THREADS; i++) {
      awaitWaiting(ThreadForm.PLATFORM.start("order-" + i, Waiter::block));
    }
    if (ThreadForm.VIRTUAL.isThere()) {
      for (int i = 0; i < VIRTUAL; i++) {
        awaitWaiting(ThreadForm.VIRTUAL.start(name + i, Waiter::block));
      }
    }
    System.out.println("ready");
    new CountDownLatch(1).await();
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  private static void block() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
