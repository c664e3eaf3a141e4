package com.acme.demo;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.testng.annotations.Test;

/** What a user has: nothing in it knows of LeakVerifier, whose listener stands in testng.xml. */
public class CheckoutTest {
  @Test
  public void paysAndCloses() {
    ExecutorService payments = Executors.newFixedThreadPool(2);
    payments.execute(() -> {});
    payments.shutdown();
  }

  @Test
  public void refundsAndForgetsToClose() {
    ExecutorService refunds = Executors.newFixedThreadPool(2);
    for (int order = 1; order <= 2; order++) {
      refunds.execute(() -> {});
    }
  }

  @Test
  public void showsThePrice() {}
}
