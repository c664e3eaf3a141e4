package com.acme;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A future that nobody completes. */
final class Orders {
  private final CompletableFuture<String> confirmation = new CompletableFuture<>();

  void place() {
    new Thread(this::awaitConfirmation, "order-1").start();
  }

  private void awaitConfirmation() {
    try {
      confirmation.get();
    } catch (InterruptedException | ExecutionException e) {
      Thread.currentThread().interrupt();
    }
  }
}
