package dev.leakverifier.junit4.demo;

import dev.leakverifier.junit4.LeakVerifierRule;
import org.junit.Rule;
import org.junit.Test;

/** What a user has: a test with one more field. */
public class CheckoutTest {
  @Rule(order = Integer.MIN_VALUE)
  public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();

  @Test
  public void readsThePricesOnce() throws InterruptedException {
    Thread prices = new Thread(() -> {}, "price-reader");
    prices.start();
    prices.join();
  }

  @Test
  public void followsThePricesForever() {
    new Thread(this::pollPrices, "price-poller").start();
  }

  @Test
  public void showsThePrice() {}

  private void pollPrices() {
    while (true) {
      try {
        Thread.sleep(1_000);
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
