package dev.leakverifier.monitor;

/** A monitor's own thread, told by its class. */
final class MonitorThread extends Thread {
  MonitorThread(Runnable body) {
    super(null, body, "LeakVerifier monitor", 0, /* inheritThreadLocals= */ false);
    setDaemon(true);
    setContextClassLoader(null); // an application's class loader must not live on in it
  }
}
