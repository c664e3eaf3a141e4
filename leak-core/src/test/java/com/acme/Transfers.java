package com.acme;

import com.google.common.util.concurrent.Uninterruptibles;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/** Two locks that are taken in both orders. */
final class Transfers {
  private final ReentrantLock giro = new ReentrantLock();
  private final ReentrantLock savings = new ReentrantLock();
  private final CountDownLatch bothHoldOne = new CountDownLatch(2);

  void start() {
    new Thread(() -> transfer(giro, savings), "giro-to-savings").start();
    new Thread(() -> transfer(savings, giro), "savings-to-giro").start();
  }

  private void transfer(ReentrantLock from, ReentrantLock to) {
    from.lock();
    try {
      bothHoldOne.countDown();
      Uninterruptibles.awaitUninterruptibly(bothHoldOne);
      to.lockInterruptibly();
      to.unlock();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      from.unlock();
    }
  }
}
