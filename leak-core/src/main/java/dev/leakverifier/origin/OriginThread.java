package dev.leakverifier.origin;

/** The recorder's own thread, told by its class. */
final class OriginThread extends Thread {
  OriginThread(Runnable body) {
    super(null, body, "LeakVerifier origins", 0, /* inheritThreadLocals= */ false);
    setDaemon(true);
    setContextClassLoader(null); // a test's class loader must not live on in it
  }
}
