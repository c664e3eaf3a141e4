package com.acme;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;

/** A hand-off that nobody takes. */
final class Prices {
  private final BlockingQueue<Integer> prices = new SynchronousQueue<>();

  void fetch() {
    Thread fetcher = new Thread(this::hand, "price-fetcher");
    fetcher.start();
  }

  private void hand() {
    try {
      prices.put(42); // nobody calls prices.take()
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
