package com.acme;

import dev.leakverifier.jupiter.LeakVerifierExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakVerifierExtension.class)
class DeliveryTest {
  private static Shop shop;

  @Test
  void sharesItsShop() throws Exception {
    shop = new Shop();
    shop.sell();
  }

  @AfterAll
  static void close() {
    shop.close();
  }
}
