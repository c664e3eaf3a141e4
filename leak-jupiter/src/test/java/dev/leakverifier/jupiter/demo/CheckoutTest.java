package dev.leakverifier.jupiter.demo;

import dev.leakverifier.jupiter.LeakVerifierExtension;
import java.util.Timer;
import java.util.TimerTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a user has: a test with one more annotation. */
@ExtendWith(LeakVerifierExtension.class)
class CheckoutTest {
  @Test
  void cancelsTheReminder() {
    Timer reminders = new Timer("reminders");
    reminders.cancel();
  }

  @Test
  void remindsForever() {
    Timer reminders = new Timer("reminders");
    reminders.schedule(
        new TimerTask() {
          @Override
          public void run() {}
        },
        1_000,
        1_000);
  }

  @Test
  void showsThePrice() {}
}
