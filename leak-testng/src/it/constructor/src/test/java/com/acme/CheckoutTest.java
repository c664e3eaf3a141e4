package com.acme;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.testng.annotations.Test;

public class CheckoutTest {
  private static final ExecutorService SHARED = Executors.newSingleThreadExecutor();
  private final ExecutorService own = Executors.newSingleThreadExecutor();

  static {
    SHARED.execute(() -> {});
  }

  public CheckoutTest() {
    own.execute(() -> {});
  }

  @Test
  public void pays() {}
}
