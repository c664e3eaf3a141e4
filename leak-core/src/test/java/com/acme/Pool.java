package com.acme;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A pool that nobody shuts down. */
final class Pool {
  private final ExecutorService workers = Executors.newFixedThreadPool(2);

  Future<?> submit(Runnable task) {
    return workers.submit(task);
  }

  void close() {
    workers.shutdownNow();
  }
}
