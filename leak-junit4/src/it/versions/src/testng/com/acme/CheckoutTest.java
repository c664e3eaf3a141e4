package com.acme;

import org.testng.annotations.Test;

public class CheckoutTest {
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
