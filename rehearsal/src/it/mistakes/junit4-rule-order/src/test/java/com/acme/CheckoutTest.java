package com.acme;

import dev.leakverifier.junit4.LeakVerifierRule;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.ExternalResource;

public class CheckoutTest {
  @Rule public final LeakVerifierRule aCheck = LeakVerifierRule.verifyNone();

  @Rule
  public final ExternalResource zResource =
      new ExternalResource() {
        @Override
        protected void after() {
          pool.shutdown();
        }
      };

  private final ExecutorService pool = Executors.newFixedThreadPool(1);

  @Test
  public void leavesItToTheOtherRule() {
    pool.execute(() -> {});
  }
}
