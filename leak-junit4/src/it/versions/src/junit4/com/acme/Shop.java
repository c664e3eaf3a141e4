package com.acme;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Pays in the background. */
final class Shop {
  private final ExecutorService pool = Executors.newFixedThreadPool(2);

  void pay() {
    pool.execute(() -> {});
    pool.execute(() -> {});
  }

  void close() {
    pool.shutdown();
  }
}
