package com.acme;

import java.util.concurrent.ExecutionException;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.junit4.SpringRunner;

/** Has the cached context start one more thread. */
@RunWith(SpringRunner.class)
@ContextConfiguration(classes = ShopConfig.class)
public class DeliveryTest {
  @Autowired private ThreadPoolTaskExecutor cashier;

  @Test
  public void delivers() throws ExecutionException, InterruptedException {
    cashier.submit(() -> {}).get();
  }
}
