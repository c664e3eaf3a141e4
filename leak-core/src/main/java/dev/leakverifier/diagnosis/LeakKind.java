package dev.leakverifier.diagnosis;

/**
 * What sort of leak a thread is.
 *
 * <p>The names are part of {@code LeakReport.toJson()}; new ones may come.
 */
public enum LeakKind {
  /** It is one of several threads that each wait for a lock that the next one holds. */
  DEADLOCK("deadlock"),
  /** A library's object was not closed. */
  NOT_CLOSED("not closed"),
  /** The JDK's HTTP server or client was not stopped. */
  HTTP_NOT_STOPPED("HTTP not stopped"),
  /** A pool that nobody shut down, and that has nothing to do. */
  IDLE_POOL_WORKER("idle pool worker"),
  /** A {@code java.util.Timer} that nobody cancelled. */
  TIMER_NOT_CANCELLED("timer not cancelled"),
  /** It wants a monitor or a lock that another thread holds, or has never given back. */
  LOCK_NOT_RELEASED("waits for a lock"),
  /** It was told to stop, and is about it. */
  STOPPING("stopping slowly"),
  /** It was interrupted, and goes on. */
  IGNORES_INTERRUPTION("ignores interruption"),
  /** It gives something that nobody takes, or takes where nobody gives. */
  BLOCKED_HAND_OFF("blocked hand-off"),
  /** It waits for a result, a signal or a thread that does not come. */
  WAITS_IN_VAIN("waits in vain"),
  /** It sleeps, and then sleeps again. */
  SLEEPING_LOOP("sleeping loop"),
  /** It reads or waits for blocked in I/O. */
  ENDLESS_IO("blocked in I/O"),
  /** It runs all the time. */
  BUSY_LOOP("busy loop"),
  /** It has no stack: it is just beginning or ending. */
  NOT_RUNNING("no stack"),
  /** Nothing tells. */
  UNKNOWN("thread");

  private final String label;

  LeakKind(String label) {
    this.label = label;
  }

  /** How a report calls it. */
  public String label() {
    return label;
  }
}
