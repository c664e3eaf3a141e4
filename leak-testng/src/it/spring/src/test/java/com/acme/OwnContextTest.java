package com.acme;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.testng.annotations.Test;

/** Makes a context by hand and forgets it. */
public class OwnContextTest {
  private static AnnotationConfigApplicationContext context;

  @Test
  public void opens() {
    context = new AnnotationConfigApplicationContext(ShopConfig.class);
  }
}
