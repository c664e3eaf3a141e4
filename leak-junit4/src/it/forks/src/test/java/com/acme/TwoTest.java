package com.acme;

import dev.leakverifier.junit4.LeakVerifierRule;
import java.util.concurrent.Executors;
import org.junit.Rule;
import org.junit.Test;

public class TwoTest {
  @Rule(order = Integer.MIN_VALUE)
  public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();

  @Test
  public void forgets() {
    Executors.newFixedThreadPool(1).execute(() -> {});
  }
}
