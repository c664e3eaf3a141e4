package com.acme;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.testng.annotations.Test;

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
