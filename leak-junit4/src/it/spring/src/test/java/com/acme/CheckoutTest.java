package com.acme;

import java.util.concurrent.ExecutionException;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.junit4.SpringRunner;

/** Opens the context, and leaves it to the cache. */
@RunWith(SpringRunner.class)
@ContextConfiguration(classes = ShopConfig.class)
public class CheckoutTest {
  @Autowired private ThreadPoolTaskExecutor cashier;

  @Test
  public void pays() throws ExecutionException, InterruptedException {
    cashier.submit(() -> {}).get();
  }
}
