package dev.leakverifier.diagnosis;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Tells from what was observed why a thread is still there: the first rule that fits decides. */
final class Diagnoses {
  /** From what is certain to what only looks like it. */
  private static final List<Function<Observation, Optional<Diagnosis>>> RULES =
      List.of(
          LockRules::deadlock,
          OwnerRules::library,
          OwnerRules::threadMonitor,
          OwnerRules::httpServer,
          OwnerRules::httpClient,
          OwnerRules::idlePoolWorker,
          OwnerRules::idleForkJoinWorker,
          OwnerRules::timer,
          LockRules::lockNotReleased,
          StopRules::stopping,
          StopRules::ignoresInterruption,
          WaitRules::waits,
          RunRules::busyLoop,
          RunRules::notRunning,
          RunRules::nativeMethod);

  private Diagnoses() {}

  static Diagnosis of(Observation seen) {
    Diagnosis diagnosis =
        RULES.stream()
            .flatMap(rule -> rule.apply(seen).stream())
            .findFirst()
            .orElseGet(() -> RunRules.unknown(seen));
    return OwnerRules.withOwner(diagnosis, seen);
  }
}
