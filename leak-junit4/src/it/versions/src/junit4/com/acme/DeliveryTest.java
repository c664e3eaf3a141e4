package com.acme;

import dev.leakverifier.junit4.LeakVerifierRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.ExternalResource;

/** JUnit's order by name puts the shop around the check. */
public class DeliveryTest {
  private final Shop open = new Shop();

  @Rule public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();

  @Rule
  public final ExternalResource shop =
      new ExternalResource() {
        @Override
        protected void after() {
          open.close();
        }
      };

  @Test
  public void closesItsShopAfterTheCheck() {
    open.pay();
  }
}
