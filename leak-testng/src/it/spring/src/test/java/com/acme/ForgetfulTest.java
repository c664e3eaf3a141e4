package com.acme;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.testng.AbstractTestNGSpringContextTests;
import org.testng.annotations.Test;

/** Its context is closed, but not the pool of one of its beans. */
@ContextConfiguration(classes = ForgetfulTest.Mailer.class)
@DirtiesContext
public class ForgetfulTest extends AbstractTestNGSpringContextTests {
  @Autowired private Mailer mailer;

  @Test
  public void mails() throws ExecutionException, InterruptedException {
    mailer.mail();
  }

  static class Mailer {
    private final ExecutorService sender = Executors.newFixedThreadPool(1);

    void mail() throws ExecutionException, InterruptedException {
      sender.submit(() -> {}).get();
    }
  }
}
