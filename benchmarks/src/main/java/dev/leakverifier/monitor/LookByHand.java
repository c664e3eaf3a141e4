package dev.leakverifier.monitor;

/** A monitor that looks when a benchmark wants it to; in this package, since users cannot. */
public final class LookByHand implements AutoCloseable {
  private final ThreadMonitor monitor = ThreadMonitor.builder().open();

  public ThreadGrowth look() {
    monitor.look();
    return monitor.growth();
  }

  @Override
  public void close() {
    monitor.close();
  }
}
