package dev.leakverifier.diagnosis;

import dev.leakverifier.text.Names;
import dev.leakverifier.thread.StackFrames;
import java.util.Optional;

/** The rule for threads that stand in a function of the JDK, from which they may never return. */
final class WaitRules {
  private WaitRules() {}

  /** The function nearest to the caller counts: what this one calls is how it is done. */
  static Optional<Diagnosis> waits(Observation seen) {
    if (seen.thread().state() == Thread.State.RUNNABLE && RunRules.burnsCpu(seen.watched())) {
      return Optional.empty(); // it only looks in, again and again
    }
    StackShape shape = seen.shape();
    boolean withTimeout = seen.thread().state() == Thread.State.TIMED_WAITING;
    for (StackTraceElement frame : shape.jdkFromCaller()) {
      Optional<JdkWait> wait = JdkWait.in(frame);
      if (wait.isPresent()) {
        Diagnosis diagnosis =
            wait.get().diagnosis(frame, withTimeout, shape.top().map(StackFrames::function));
        return Optional.of(wait.get() == JdkWait.JOIN ? ofWhom(diagnosis, seen) : diagnosis);
      }
    }
    return Optional.empty();
  }

  private static Diagnosis ofWhom(Diagnosis join, Observation seen) {
    return seen.awaited()
        .map(
            name ->
                new Diagnosis(
                    join.kind(),
                    "it waits in Thread.join for %s, which does not end"
                        .formatted(Names.quoted(name)),
                    join.fix()))
        .orElse(join);
  }
}
