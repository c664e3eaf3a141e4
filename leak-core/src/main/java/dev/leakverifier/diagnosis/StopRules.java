package dev.leakverifier.diagnosis;

import dev.leakverifier.text.Names;
import dev.leakverifier.thread.StackFrames;
import java.util.Optional;
import java.util.Set;

/** Rules for threads that were told to stop. */
final class StopRules {
  /** What methods that stop something are mostly called. */
  private static final Set<String> STOP_METHODS =
      Set.of("stop", "close", "shutdown", "shutdownNow", "terminate", "dispose", "destroy");

  private static final String WAIT =
      "wait for its end in teardown (join, awaitTermination), or raise leak.maxWait";

  private StopRules() {}

  /** That it moves on is what tells it from one that hangs. */
  static Optional<Diagnosis> stopping(Observation seen) {
    if (!seen.watched().moved() || RunRules.burnsCpu(seen.watched())) {
      return Optional.empty();
    }
    Optional<StackTraceElement> stop =
        seen.shape().own().stream()
            .filter(frame -> STOP_METHODS.contains(frame.getMethodName()))
            .findFirst();
    if (stop.isEmpty() && !seen.thread().isInterrupted()) {
      return Optional.empty();
    }
    String sign =
        stop.map(frame -> "it is in " + Names.visible(StackFrames.function(frame)))
            .orElse("it has been interrupted");
    return Optional.of(
        new Diagnosis(
            LeakKind.STOPPING,
            "looks like it is stopping, but slowly: " + sign + ", and makes progress",
            WAIT));
  }

  static Optional<Diagnosis> ignoresInterruption(Observation seen) {
    if (!seen.thread().isInterrupted()) {
      return Optional.empty();
    }
    String why = "it has been interrupted, and carries on";
    return Optional.of(
        WaitRules.waits(seen)
            .map(wait -> new Diagnosis(LeakKind.IGNORES_INTERRUPTION, wait.why(), wait.fix()))
            .or(() -> RunRules.busyLoop(seen))
            .map(found -> new Diagnosis(found.kind(), why + ": " + found.why(), found.fix()))
            .orElseGet(
                () ->
                    new Diagnosis(
                        LeakKind.IGNORES_INTERRUPTION,
                        why,
                        "let it end when Thread.interrupted() is true")));
  }
}
