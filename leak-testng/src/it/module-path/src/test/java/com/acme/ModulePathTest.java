package com.acme;

import static org.testng.Assert.assertEquals;

import dev.leakverifier.testng.LeakVerifierListener;
import java.util.concurrent.locks.LockSupport;
import org.testng.annotations.Test;

public class ModulePathTest {
  @Test
  public void usesNamedModules() {
    assertEquals(LeakVerifierListener.class.getModule().getName(), "dev.leakverifier.testng");
    assertEquals(ShopListener.class.getModule().getName(), "com.acme.shop");
    Thread ignored = new Thread(LockSupport::park, "shop-1");
    ignored.setDaemon(true);
    ignored.start();
  }
}
