package com.acme;

import dev.leakverifier.junit4.LeakVerifierRule;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.Rule;
import org.junit.Test;

public class CheckoutTest {
  @Rule public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();

  @Test
  public void pays() {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    pool.execute(() -> {});
    if (!Boolean.getBoolean("forgetful")) {
      pool.shutdown();
    }
  }
}
