package com.acme;

import dev.leakverifier.junit4.LeakVerifierRule;
import org.junit.Rule;
import org.junit.Test;

public class CheckoutTest {
  @Rule(order = Integer.MIN_VALUE)
  public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();

  @Test
  public void closesItsShop() {
    Shop shop = new Shop();
    shop.pay();
    shop.close();
  }

  @Test
  public void forgetsItsShop() {
    new Shop().pay();
  }

  @Test
  public void opensNoShop() {}
}
