package com.acme;

import dev.leakverifier.junit4.LeakVerifierRule;
import java.util.Timer;
import org.junit.Rule;
import org.junit.Test;

public class ThreeTest {
  @Rule public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();

  @Test
  public void forgets() {
    new Timer("Three", true);
  }
}
