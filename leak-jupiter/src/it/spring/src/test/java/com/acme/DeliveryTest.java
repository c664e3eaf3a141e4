package com.acme;

import dev.leakverifier.jupiter.LeakVerifierExtension;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** Has the cached context start one more thread. */
@ExtendWith(LeakVerifierExtension.class)
@SpringJUnitConfig(ShopConfig.class)
class DeliveryTest {
  @Autowired private ThreadPoolTaskExecutor cashier;

  @Test
  void delivers() throws ExecutionException, InterruptedException {
    cashier.submit(() -> {}).get();
  }
}
