package com.acme;

import dev.leakverifier.junit4.LeakVerifierRule;
import org.junit.ClassRule;
import org.junit.Test;

public class TidyTest {
  @ClassRule public static final LeakVerifierRule LEAKS = LeakVerifierRule.verifyNone();

  @Test
  public void meets() throws Exception {
    Classes.bothRun();
    Classes.oneHasLeft();
  }
}
