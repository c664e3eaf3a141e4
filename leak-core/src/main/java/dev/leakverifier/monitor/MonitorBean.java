package dev.leakverifier.monitor;

import static java.util.stream.Collectors.toMap;

import dev.leakverifier.host.Log;
import dev.leakverifier.host.RuntimeModules;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What JMX sees of a monitor: values of the last look, so that no client holds it up. */
final class MonitorBean implements ThreadMonitorMXBean {
  private static final Log LOG = Log.of(ThreadMonitor.class);
  private static final int MAX_GROUPS = 10;

  private final int limit;
  private volatile State state;
  private volatile @Nullable JmxRegistration registration;

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
   * Shows it to JMX. Where that cannot be, it is logged: a monitor is of use without it.
   *
   * @param name empty if the user gave none; then a second one is numbered
   * @throws IllegalStateException if there is one of that name
   */
  void register(String name) {
    if (RuntimeModules.has("java.management")) {
      registration = JmxRegistration.of(this, name, LOG);
    } else {
      LOG.warn(
          "the thread monitor is not shown by JMX: this Java runtime lacks the module"
              + " java.management");
    }
  }

  void unregister() {
    JmxRegistration registered = registration;
    if (registered != null) {
      registered.close();
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
