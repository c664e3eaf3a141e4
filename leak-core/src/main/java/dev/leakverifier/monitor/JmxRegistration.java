package dev.leakverifier.monitor;

import dev.leakverifier.host.Log;
import java.lang.management.ManagementFactory;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** A monitor's place among the JVM's beans; not to be touched where the JVM has none. */
final class JmxRegistration implements AutoCloseable {
  private static final String NAME = "dev.leakverifier:type=ThreadMonitor";

  private final ObjectName name;
  private final Log log;

  private JmxRegistration(ObjectName name, Log log) {
    this.name = name;
    this.log = log;
  }

  /**
   * Registers {@code bean}; null where that is refused, which is logged.
   *
   * @param name empty if the user gave none; then a second one is numbered
   * @throws IllegalStateException if there is one of that name
   */
  static @Nullable JmxRegistration of(ThreadMonitorMXBean bean, String name, Log log) {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    String next = name.isEmpty() ? NAME : NAME + ",name=" + name;
    try {
      for (int number = 2; ; number++) {
        try {
          return new JmxRegistration(
              server.registerMBean(bean, new ObjectName(next)).getObjectName(), log);
        } catch (InstanceAlreadyExistsException e) {
          if (!name.isEmpty()) {
            throw new IllegalStateException(
                ("there is a ThreadMonitor with the name (%s) in this JVM; close it, or give this one"
                        + " another name")
                    .formatted(name));
          }
          next = NAME + ",name=" + number;
        }
      }
    } catch (JMException | SecurityException e) {
      log.warn("the thread monitor is not shown by JMX", e);
      return null;
    }
  }

  @Override
  public void close() {
    try {
      ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
    } catch (JMException | SecurityException e) {
      log.debug("somebody else has unregistered {}", name, e);
    }
  }
}
