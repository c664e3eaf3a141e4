package com.acme;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A shop with a pool of its own. */
final class Shop implements AutoCloseable {
  private final ExecutorService pool = Executors.newFixedThreadPool(2);

  void sell() throws Exception {
    pool.submit(() -> {}).get();
    pool.submit(() -> {}).get();
  }

  @Override
  public void close() {
    pool.shutdown();
  }
}
