package com.acme;

import dev.leakverifier.junit4.LeakVerifierRule;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.junit4.SpringRunner;

/** Checked by a rule, which has no later verdict than that after the test. */
@RunWith(SpringRunner.class)
@ContextConfiguration(classes = ShopConfig.class)
public class RuleTest {
  @Rule public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();

  @Autowired private ThreadPoolTaskExecutor cashier;

  @Test
  public void refunds() throws ExecutionException, InterruptedException {
    cashier.submit(() -> {}).get();
  }

  @Test
  public void watches() {
    ThreadPoolTaskExecutor watched = cashier;
    Thread watcher = new Thread(() -> watch(watched), "watcher");
    watcher.setDaemon(true);
    watcher.start();
  }

  private static void watch(ThreadPoolTaskExecutor watched) {
    try {
      watched.submit(() -> {}).get();
      new CountDownLatch(1).await();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
