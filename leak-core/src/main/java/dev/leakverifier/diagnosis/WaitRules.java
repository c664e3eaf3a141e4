package dev.leakverifier.diagnosis;

import dev.leakverifier.text.Names;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.util.Optional;

/** The rule for threads that stand in a function of the JDK, from which they may never return. */
final class WaitRules {
  private WaitRules() {}

  /** The function nearest to the caller counts: what this one calls is how it is done. */
  static Optional<Diagnosis> waits(Observation seen) {
    StackShape shape = seen.shape();
    boolean looksIn =
        seen.thread().state() == Thread.State.RUNNABLE && RunRules.burnsCpu(seen.watched());
    if (looksIn || shape.jdkRuns("java.lang.Throwable", "<init>")) {
      return Optional.empty();
    }
    for (StackTraceElement frame : shape.jdkFromCaller()) {
      Optional<JdkWait> wait = JdkWait.in(frame);
      if (wait.isPresent()) {
        Diagnosis diagnosis = of(wait.get(), frame, seen.thread());
        return Optional.of(wait.get() == JdkWait.JOIN ? ofWhom(diagnosis, seen) : diagnosis);
      }
    }
    return Optional.empty();
  }

  private static Diagnosis of(JdkWait wait, StackTraceElement frame, ThreadSample thread) {
    StackShape shape = StackShape.of(thread);
    if (wait == JdkWait.SLEEP) {
      String caller =
          shape.top().map(StackFrames::function).map(Names::visible).orElse("code of the JDK");
      return wait.diagnosis(caller, /* withTimeout= */ false, thread.isInterrupted());
    }
    String outer = JdkWait.outerClass(frame);
    return wait.diagnosis(
        withArticle(outer.substring(outer.lastIndexOf('.') + 1)),
        hasTimeout(thread, shape),
        thread.isInterrupted());
  }

  /** The state does not tell it of one that has just come or gone, nor of one at a socket. */
  private static boolean hasTimeout(ThreadSample thread, StackShape shape) {
    return thread.state() == Thread.State.TIMED_WAITING
        || shape.jdkRuns("java.util.concurrent.locks.LockSupport", "parkNanos", "parkUntil")
        || shape.jdkRuns(
            "sun.nio.ch.NioSocketImpl", "timedRead", "timedAccept", "timedFinishConnect");
  }

  private static String withArticle(String noun) {
    return ("AEIO".indexOf(noun.charAt(0)) < 0 ? "a " : "an ") + noun;
  }

  private static Diagnosis ofWhom(Diagnosis join, Observation seen) {
    return seen.awaited()
        .map(
            name ->
                new Diagnosis(
                    join.kind(),
                    join.why().replace("a thread that", Names.quoted(name) + ", which"),
                    join.fix()))
        .orElse(join);
  }
}
