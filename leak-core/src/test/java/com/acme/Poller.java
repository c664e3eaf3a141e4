package com.acme;

/** A service whose {@code stop} is easily forgotten. */
final class Poller {
  private Thread worker = new Thread();

  void start() {
    worker = new Thread(this::poll, "poller");
    worker.start();
  }

  void stop() throws InterruptedException {
    worker.interrupt();
    worker.join();
  }

  private void poll() {
    try {
      while (true) {
        Thread.sleep(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
