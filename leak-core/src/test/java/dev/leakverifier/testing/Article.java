package dev.leakverifier.testing;

import dev.leakverifier.LeakVerifier;
import java.time.Duration;

/**
 * The examples of the article that the project started from, in Java: the bodies of tests that each
 * adapter's samples have under the same names.
 */
public final class Article {
  /** As patient as a slow machine needs; a leak is seen all the same. */
  private static final Duration LONG = Duration.ofMinutes(1);

  private static final Duration SHORT = Duration.ofMillis(10);

  private Article() {}

  public static void testWithLeak() {
    try {
      Leaks.leave("endless", Sleeper::backgroundWorker);
    } finally {
      LeakVerifier.verifyNone(LeakVerifier.maxWait(SHORT));
    }
  }

  public static void testWithoutLeak() {
    try {
      BlockedThread worker = BlockedThread.start("done");
      worker.close();
    } finally {
      LeakVerifier.verifyNone(LeakVerifier.maxWait(LONG));
    }
  }

  public static void testWithBackgroundWorker() {
    try {
      Leaks.leave("background", Sleeper::backgroundWorker);
    } finally {
      LeakVerifier.verifyNone(
          LeakVerifier.ignoreTopFunction(Sleeper.FUNCTION), LeakVerifier.maxWait(LONG));
    }
  }

  public static void testCustomFilter() {
    try {
      Leaks.leave("sleeping", Sleeper::backgroundWorker);
    } finally {
      LeakVerifier.verifyNone(
          LeakVerifier.ignoreFunc(
              thread ->
                  thread.state() == Thread.State.TIMED_WAITING
                      && thread.stack().contains("java.lang.Thread.sleep")),
          LeakVerifier.maxWait(LONG));
    }
  }

  public static void testTimingIssue() {
    try {
      Leaks.leave("needs 200 ms more", () -> Sleeper.sleep(Duration.ofMillis(200)));
    } finally {
      LeakVerifier.verifyNone(LeakVerifier.maxWait(LONG));
    }
  }

  public static void testServiceNoLeak() throws InterruptedException {
    try {
      Service service = new Service();
      service.start();
      service.stop();
    } finally {
      LeakVerifier.verifyNone(LeakVerifier.maxWait(LONG));
    }
  }

  public static void testServiceWithLeak() {
    try {
      Service service = new Service();
      service.start();
    } finally {
      LeakVerifier.verifyNone(LeakVerifier.maxWait(SHORT));
    }
  }

  /** Checks nothing by itself: found at the end of the run. */
  public static void testSomething() {
    Leaks.leave("sleeping", Sleeper::backgroundWorker);
  }
}
