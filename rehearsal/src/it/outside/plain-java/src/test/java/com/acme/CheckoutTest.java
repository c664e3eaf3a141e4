package com.acme;

import dev.leakverifier.LeakScope;
import dev.leakverifier.LeakVerifier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class CheckoutTest {
  @Test
  void closesItsPool() {
    try (LeakScope scope = LeakVerifier.scope()) {
      ExecutorService pool = Executors.newFixedThreadPool(1);
      pool.execute(() -> {});
      pool.shutdown();
    }
  }

  @Test
  void forgetsItsPool() {
    try (LeakScope scope = LeakVerifier.scope()) {
      Executors.newFixedThreadPool(1).execute(() -> {});
    }
  }
}
