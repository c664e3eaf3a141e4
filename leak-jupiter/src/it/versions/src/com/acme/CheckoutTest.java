package com.acme;

import dev.leakverifier.jupiter.LeakVerifierExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakVerifierExtension.class)
class CheckoutTest {
  @Test
  void opensNoShop() {}

  @Test
  void closesItsShop() throws Exception {
    try (Shop shop = new Shop()) {
      shop.sell();
    }
  }

  @Test
  void forgetsItsShop() throws Exception {
    new Shop().sell();
  }
}
