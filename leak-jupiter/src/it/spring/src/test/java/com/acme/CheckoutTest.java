package com.acme;

import dev.leakverifier.jupiter.LeakVerifierExtension;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** Opens the context, and leaves it to the cache. */
@ExtendWith(LeakVerifierExtension.class)
@SpringJUnitConfig(ShopConfig.class)
class CheckoutTest {
  @Autowired private ThreadPoolTaskExecutor cashier;

  @Test
  void pays() throws ExecutionException, InterruptedException {
    cashier.submit(() -> {}).get();
  }
}
