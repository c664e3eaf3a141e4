package dev.leakverifier.monitor;

import java.util.Map;

/**
 * What a {@link ThreadMonitor} tells any JMX client or metrics agent, under {@code
 * dev.leakverifier:type=ThreadMonitor}.
 *
 * <p>All of it is as the last look found it: to read it costs nothing. Thread-safe.
 */
public interface ThreadMonitorMXBean {
  /** How many threads are alive, virtual ones included, as far as the monitor sees them. */
  int getThreads();

  /** How many more long-lived threads there are than at the lowest level since the start. */
  int getGrowth();

  /** The growth that raises an alarm. */
  int getGrowthLimit();

  /** Whether an alarm was raised and the threads have not gone since. */
  boolean isAlarmed();

  /** How many alarms were raised since the start. */
  long getAlarms();

  /** The text of the last alarm; empty if there was none. */
  String getLastAlarm();

  /** How often the monitor has looked. Stands still if it is stuck. */
  long getLooks();

  /** What has grown: the ten groups of equal threads that have grown most, and by how much. */
  Map<String, Integer> getGroups();
}
