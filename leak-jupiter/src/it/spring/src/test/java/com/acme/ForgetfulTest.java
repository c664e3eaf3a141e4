package com.acme;

import dev.leakverifier.jupiter.LeakVerifierExtension;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** Its context is closed, but not the pool of a bean. */
@ExtendWith(LeakVerifierExtension.class)
@SpringJUnitConfig(Mailer.class)
@DirtiesContext
class ForgetfulTest {
  @Autowired private Mailer mailer;

  @Test
  void mails() throws ExecutionException, InterruptedException {
    mailer.mail();
  }
}
