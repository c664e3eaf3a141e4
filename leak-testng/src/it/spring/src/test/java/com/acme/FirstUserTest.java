package com.acme;

import java.util.concurrent.ExecutionException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.testng.AbstractTestNGSpringContextTests;
import org.testng.annotations.Test;

/** Leaves a pool to a context that another class closes later, and that does not close the pool. */
@ContextConfiguration(classes = Mailer.class)
public class FirstUserTest extends AbstractTestNGSpringContextTests {
  @Autowired private Mailer mailer;

  @Test
  public void mailsFirst() throws ExecutionException, InterruptedException {
    mailer.mail();
  }
}
