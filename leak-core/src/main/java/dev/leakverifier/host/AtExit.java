package dev.leakverifier.host;

/** What is to be done when the JVM exits. */
public final class AtExit {
  private static final Log LOG = Log.of(AtExit.class);

  private AtExit() {}

  /** Runs {@code action} then, on a thread of that name; not if the JVM is already exiting. */
  public static void run(String name, Runnable action) {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(action, name));
    } catch (IllegalStateException e) {
      LOG.debug("the JVM is already exiting", e);
    }
  }
}
