package com.acme;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import dev.leakverifier.LeakVerifier;
import dev.leakverifier.junit4.LeakVerifierRule;
import dev.leakverifier.thread.ThreadSample;
import org.junit.Rule;
import org.junit.Test;

public class ModulePathTest {
  @Rule(order = Integer.MIN_VALUE)
  public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();

  @Test
  public void usesNamedModules() {
    assertEquals("dev.leakverifier.core", LeakVerifier.class.getModule().getName());
    assertEquals("dev.leakverifier.core", ThreadSample.class.getModule().getName());
    assertEquals("dev.leakverifier.junit4", LeakVerifierRule.class.getModule().getName());
    assertTrue(ModuleLayer.boot().findModule("com.acme.shop").isPresent());
    assertEquals(0, new Shop().threadsLeft());
  }
}
