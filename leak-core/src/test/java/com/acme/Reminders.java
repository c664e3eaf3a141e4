package com.acme;

import java.util.Timer;
import java.util.TimerTask;

/** A timer that nobody cancels. */
final class Reminders {
  private final Timer timer = new Timer("reminders");

  void remind(Runnable reminder, long delayMillis) {
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            reminder.run();
          }
        },
        delayMillis);
  }

  void close() {
    timer.cancel();
  }
}
