package com.acme;

import dev.leakverifier.jupiter.LeakVerifierExtension;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakVerifierExtension.class)
class CheckoutTest {
  @Test
  void closesItsPool() {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    pool.execute(() -> {});
    pool.shutdown();
  }

  @Test
  void forgetsItsPool() {
    Executors.newFixedThreadPool(1).execute(() -> {});
  }
}
