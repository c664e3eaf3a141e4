package dev.leakverifier.monitor;

import java.time.Duration;

/** The snippets of docs/production.md on monitors, word for word. Compiled only. */
final class MonitorSamples {
  private final Pager pager = text -> {};
  private final Service service = () -> {};

  interface Pager {
    void page(String text);
  }

  interface Service {
    void run();
  }

  void watch() {
    try (ThreadMonitor monitor = ThreadMonitor.builder().start()) { // when the service is up
      service.run();
    }
  }

  ThreadMonitor settings() {
    return ThreadMonitor.builder()
        .name("orders") // for JMX: dev.leakverifier:type=ThreadMonitor,name=orders
        .every(Duration.ofSeconds(10))
        .growth(100)
        .window(12)
        .recordOrigins()
        .listener(growth -> pager.page("thread growth: " + growth))
        .start();
  }
}
