package com.acme;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.testng.AbstractTestNGSpringContextTests;
import org.testng.Assert;
import org.testng.annotations.Test;

/** Closes the context that {@link FirstUserTest} has used. */
@ContextConfiguration(classes = Mailer.class)
@DirtiesContext
public class LastUserTest extends AbstractTestNGSpringContextTests {
  @Autowired private Mailer mailer;

  @Test
  public void closes() {
    Assert.assertTrue(mailer.hasMailed());
  }
}
