package com.acme;

import com.google.common.base.FinalizableReferenceQueue;
import com.google.common.collect.ImmutableList;
import dev.leakverifier.junit4.LeakVerifierRule;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.Rule;
import org.junit.Test;

public class JUnitCheckoutTest {
  private static Object kept;

  @Rule public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();

  @Test
  public void closesItsPool() {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    ImmutableList.of("pays", "ships").forEach(task -> pool.execute(() -> {}));
    pool.shutdown();
  }

  @Test
  public void forgetsItsPool() {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    ImmutableList.of("pays", "ships").forEach(task -> pool.execute(() -> {}));
  }

  /** Guava's thread has the name of its class, which ours must not have for it. */
  @Test
  public void forgetsItsQueue() {
    kept = new FinalizableReferenceQueue();
  }
}
