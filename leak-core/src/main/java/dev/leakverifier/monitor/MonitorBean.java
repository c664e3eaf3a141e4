package dev.leakverifier.monitor;

import static java.util.stream.Collectors.toMap;

import dev.leakverifier.host.Log;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** What JMX sees of a monitor: values of the last look, so that no client holds it up. */
final class MonitorBean implements ThreadMonitorMXBean {
  private static final Log LOG = Log.of(ThreadMonitor.class);
  private static final String NAME = "dev.leakverifier:type=ThreadMonitor";
  private static final int MAX_GROUPS = 10;

  private final int limit;
  private volatile State state;
  private volatile @Nullable ObjectName registeredAs;

  /** All that changes, at once. */
  private record State(
      ThreadGrowth growth, boolean alarmed, long alarms, String lastAlarm, long looks) {}

  MonitorBean(int limit, ThreadGrowth start) {
    this.limit = limit;
    this.state = new State(start, /* alarmed= */ false, 0, "", 0);
  }

  void looked(ThreadGrowth growth, boolean alarmed, Optional<String> alarm) {
    State last = state;
    state =
        new State(
            growth,
            alarmed,
            last.alarms + (alarm.isPresent() ? 1 : 0),
            alarm.orElse(last.lastAlarm),
            last.looks + 1);
  }

  ThreadGrowth growth() {
    return state.growth;
  }

  /**
   * Shows it to JMX. Where that is refused, it is logged: a monitor is of use without it.
   *
   * @param name empty if the user gave none; then a second one is numbered
   * @throws IllegalStateException if there is one of that name
   */
  void register(String name) {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    String next = name.isEmpty() ? NAME : NAME + ",name=" + name;
    try {
      for (int number = 2; registeredAs == null; number++) {
        try {
          registeredAs = server.registerMBean(this, new ObjectName(next)).getObjectName();
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
      LOG.warn("the thread monitor is not shown by JMX", e);
    }
  }

  void unregister() {
    ObjectName registered = registeredAs;
    if (registered != null) {
      try {
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(registered);
      } catch (JMException | SecurityException e) {
        LOG.debug("somebody else has unregistered {}", registered, e);
      }
    }
  }

  @Override
  public int getThreads() {
    return state.growth.threads();
  }

  @Override
  public int getGrowth() {
    return state.growth.growth();
  }

  @Override
  public int getGrowthLimit() {
    return limit;
  }

  @Override
  public boolean isAlarmed() {
    return state.alarmed;
  }

  @Override
  public long getAlarms() {
    return state.alarms;
  }

  @Override
  public String getLastAlarm() {
    return state.lastAlarm;
  }

  @Override
  public long getLooks() {
    return state.looks;
  }

  @Override
  public Map<String, Integer> getGroups() {
    return state.growth.groups().stream()
        .limit(MAX_GROUPS)
        .collect(toMap(GrownGroup::text, GrownGroup::growth, Integer::sum, LinkedHashMap::new));
  }
}
