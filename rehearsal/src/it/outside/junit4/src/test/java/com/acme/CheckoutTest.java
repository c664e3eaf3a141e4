package com.acme;

import dev.leakverifier.junit4.LeakVerifierRule;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.Rule;
import org.junit.Test;

public class CheckoutTest {
  @Rule(order = Integer.MIN_VALUE)
  public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();

  @Test
  public void closesItsPool() {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    pool.execute(() -> {});
    pool.shutdown();
  }

  @Test
  public void forgetsItsPool() {
    Executors.newFixedThreadPool(1).execute(() -> {});
  }
}
