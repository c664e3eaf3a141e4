package com.acme;

import java.util.concurrent.locks.ReentrantLock;

/** A lock that is taken and not given back. */
final class Account {
  private final ReentrantLock lock = new ReentrantLock();

  @SuppressWarnings("LockNotBeforeTry") // that is the mistake
  void debit(int amount) {
    lock.lock();
    if (amount == 0) {
      return; // without unlock()
    }
    lock.unlock();
  }

  void audit() {
    new Thread(this::read, "auditor").start();
  }

  private void read() {
    try {
      lock.lockInterruptibly();
      lock.unlock();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
