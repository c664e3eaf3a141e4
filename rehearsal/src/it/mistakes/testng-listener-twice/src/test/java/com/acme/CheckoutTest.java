package com.acme;

import dev.leakverifier.testng.LeakVerifierListener;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.testng.annotations.Listeners;
import org.testng.annotations.Test;

@Listeners(LeakVerifierListener.class)
public class CheckoutTest {
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
