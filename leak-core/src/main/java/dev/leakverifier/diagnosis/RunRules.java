package dev.leakverifier.diagnosis;

import dev.leakverifier.diagnosis.Observation.Watched;
import dev.leakverifier.text.Names;
import dev.leakverifier.thread.StackFrames;
import java.util.Locale;
import java.util.Optional;

/** Rules for threads that run, and the last resort. */
final class RunRules {
  /** Of one core: many of them may have to share few. */
  private static final double BUSY_IF_ALWAYS_RUNNING = 0.05;

  private static final double BUSY = 0.5;
  private static final String END = "let teardown end it, and wait for its end";

  private RunRules() {}

  static Optional<Diagnosis> busyLoop(Observation seen) {
    Watched watched = seen.watched();
    String fix = "let teardown end the loop, and check Thread.interrupted() in it";
    if (burnsCpu(watched)) {
      return Optional.of(
          new Diagnosis(
              LeakKind.BUSY_LOOP,
              String.format(
                  Locale.ROOT,
                  "it used %.0f%% of a core for %.1f s",
                  100 * watched.cpuShare().orElse(0.0),
                  watched.time().toNanos() / 1e9),
              fix));
    }
    boolean unmeasured = watched.cpu().isEmpty() && watched.alwaysRan();
    return unmeasured && seen.thread().state() == Thread.State.RUNNABLE
        ? Optional.of(
            new Diagnosis(
                LeakKind.BUSY_LOOP,
                "looks like a busy loop: it was running in each of %d samples"
                    .formatted(watched.looks()),
                fix))
        : Optional.empty();
  }

  /** Whether the thread runs, and does not only stand in a native method that waits. */
  static boolean burnsCpu(Watched watched) {
    double share = watched.cpuShare().orElse(0.0);
    return share >= BUSY || (watched.alwaysRan() && share >= BUSY_IF_ALWAYS_RUNNING);
  }

  static Optional<Diagnosis> notRunning(Observation seen) {
    return seen.thread().frames().isEmpty()
        ? Optional.of(
            new Diagnosis(
                LeakKind.NOT_RUNNING,
                "it has no stack: it is just starting or ending",
                "wait for its end in teardown (join, awaitTermination), or raise leak.maxWait"))
        : Optional.empty();
  }

  static Optional<Diagnosis> nativeMethod(Observation seen) {
    StackTraceElement top = seen.thread().frames().get(0);
    return top.isNativeMethod() && seen.thread().state() == Thread.State.RUNNABLE
        ? Optional.of(
            new Diagnosis(
                LeakKind.UNKNOWN,
                "it is in the native method %s, which does not return"
                    .formatted(Names.visible(StackFrames.function(top))),
                END))
        : Optional.empty();
  }

  static Diagnosis unknown(Observation seen) {
    String why = "it is alive, and nothing shows what it waits for";
    if (seen.watched().moved()) {
      why = "it is at work: its stack changed while it was watched";
    } else if (seen.thread().state() == Thread.State.RUNNABLE) {
      why = "it was running when its stack was read";
    }
    return new Diagnosis(LeakKind.UNKNOWN, why, END);
  }
}
