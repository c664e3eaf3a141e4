package dev.leakverifier.dump;

import dev.leakverifier.thread.StackFrames;
import java.util.List;

/** What a stack tells of its thread's state, for thread dumps that do not tell the state. */
final class StackStates {
  private StackStates() {}

  /**
   * The state of a thread with these frames, topmost first. Whether it waits for a monitor is not
   * to be seen, so that a blocked one counts as running; nor is for how long it waits in {@code
   * Object.wait}, so that this counts as without a limit.
   */
  static Thread.State of(List<StackTraceElement> frames) {
    return switch (function(frames, 0)) {
      case "jdk.internal.misc.Unsafe.park" ->
          switch (function(frames, 1)) {
            case "java.util.concurrent.locks.LockSupport.parkNanos",
                "java.util.concurrent.locks.LockSupport.parkUntil" ->
                Thread.State.TIMED_WAITING;
            default -> Thread.State.WAITING;
          };
      case "java.lang.VirtualThread.park", "java.lang.Object.wait0", "java.lang.Object.wait" ->
          Thread.State.WAITING;
      case "java.lang.VirtualThread.parkNanos",
          "java.lang.Thread.sleep",
          "java.lang.Thread.sleep0",
          "java.lang.Thread.sleepNanos0" ->
          Thread.State.TIMED_WAITING;
      default -> Thread.State.RUNNABLE;
    };
  }

  private static String function(List<StackTraceElement> frames, int index) {
    return index < frames.size() ? StackFrames.function(frames.get(index)) : "";
  }
}
