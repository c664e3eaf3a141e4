package com.acme;

import dev.leakverifier.testng.LeakVerifierListener;
import org.testng.annotations.Listeners;
import org.testng.annotations.Test;

@Listeners(LeakVerifierListener.class)
public class TestNgCheckoutTest {
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
