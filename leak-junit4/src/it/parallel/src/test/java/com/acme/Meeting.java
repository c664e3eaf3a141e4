package com.acme;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

/** Makes tests run side by side for sure, and leaks. */
final class Meeting {
  private Meeting() {}

  static void at(CyclicBarrier barrier) throws Exception {
    barrier.await(1, TimeUnit.MINUTES);
  }

  static void leave(String name) {
    Thread thread =
        new Thread(
            () -> {
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }
}
