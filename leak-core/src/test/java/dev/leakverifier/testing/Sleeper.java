package dev.leakverifier.testing;

import java.time.Duration;

/** What the article's background threads do: sleep. */
public final class Sleeper {
  /** The function in which a background worker sleeps. */
  public static final String FUNCTION = Sleeper.class.getName() + ".backgroundWorker";

  private Sleeper() {}

  /** Sleeps again and again, until it is interrupted. */
  public static void backgroundWorker() {
    try {
      while (true) {
        Thread.sleep(1_000);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sleeps once, unless it is interrupted. */
  public static void sleep(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
