package com.acme;

import dev.leakverifier.LeakOption;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.testng.LeakVerifierListener;
import java.util.List;

/** Users extend the listener. */
public class ShopListener extends LeakVerifierListener {
  @Override
  protected List<LeakOption> options() {
    return List.of(LeakVerifier.ignoreName("shop-*"));
  }
}
