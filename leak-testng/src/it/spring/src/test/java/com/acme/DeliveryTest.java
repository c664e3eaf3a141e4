package com.acme;

import java.util.concurrent.ExecutionException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.testng.AbstractTestNGSpringContextTests;
import org.testng.annotations.Test;

@ContextConfiguration(classes = ShopConfig.class)
public class DeliveryTest extends AbstractTestNGSpringContextTests {
  @Autowired private ThreadPoolTaskExecutor mailer;

  @Test
  public void delivers() throws ExecutionException, InterruptedException {
    mailer.submit(() -> {}).get();
  }
}
