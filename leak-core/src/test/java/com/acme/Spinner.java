package com.acme;

/** A loop without an end. */
final class Spinner {
  private volatile boolean ready;

  void await() {
    new Thread(this::spin, "spinner").start();
  }

  void setReady() {
    ready = true;
  }

  private void spin() {
    while (!ready) {
      Thread.onSpinWait();
    }
  }
}
