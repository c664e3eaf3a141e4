package com.acme;

import static org.junit.Assert.assertFalse;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.Test;

public class FlakyTest {
  private static final AtomicBoolean FIRST = new AtomicBoolean(true);

  @Test
  public void passesWhenItRunsAgain() {
    assertFalse(FIRST.getAndSet(false) || System.getProperty("fails") != null);
  }

  @Test
  public void leaks() {
    Thread thread = new Thread(FlakyTest::waitForEver, "forgotten");
    thread.setDaemon(true);
    thread.start();
  }

  private static void waitForEver() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
