package com.acme;

import java.util.concurrent.ExecutionException;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.junit4.SpringRunner;

/** Its context is closed, but not the pool of a bean. */
@RunWith(SpringRunner.class)
@ContextConfiguration(classes = Mailer.class)
@DirtiesContext
public class ForgetfulTest {
  @Autowired private Mailer mailer;

  @Test
  public void mails() throws ExecutionException, InterruptedException {
    mailer.mail();
  }
}
