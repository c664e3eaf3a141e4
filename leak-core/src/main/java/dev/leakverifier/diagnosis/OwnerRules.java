package dev.leakverifier.diagnosis;

import dev.leakverifier.text.Names;
import dev.leakverifier.thread.LibraryThread;
import java.util.Optional;
import java.util.Set;

/** Rules for threads of something that was not shut down: a pool, a timer, a server, a library. */
final class OwnerRules {
  private static final String POOL = "java.util.concurrent.ThreadPoolExecutor";
  private static final String SCHEDULED_POOL = "java.util.concurrent.ScheduledThreadPoolExecutor";
  private static final String ALONE = " (it ends by itself when its keep-alive time is over)";
  private static final String FORK_JOIN_POOL = "java.util.concurrent.ForkJoinPool";
  private static final Set<String> HTTP_SERVER_TIMERS =
      Set.of("idle-timeout-task", "req-rsp-timeout-task");
  private static final String HTTP_CLIENT_WORKER = "HttpClient-*-Worker-*";

  /** Kinds of which the thread stays, whatever becomes of its owner. */
  private static final Set<LeakKind> OWNER_DOES_NOT_HELP =
      Set.of(
          LeakKind.DEADLOCK,
          LeakKind.LOCK_NOT_RELEASED,
          LeakKind.IDLE_POOL_WORKER,
          LeakKind.NOT_CLOSED,
          LeakKind.HTTP_NOT_STOPPED,
          LeakKind.TIMER_NOT_CANCELLED,
          LeakKind.IGNORES_INTERRUPTION);

  private OwnerRules() {}

  static Optional<Diagnosis> library(Observation seen) {
    return LibraryThread.of(seen.thread())
        .map(
            library ->
                library
                    .missingCall()
                    .map(
                        call ->
                            new Diagnosis(
                                LeakKind.NOT_CLOSED,
                                "it belongs to " + library.what() + ", which was not closed",
                                "call " + Held.call(seen, call)))
                    .orElseGet(
                        () ->
                            new Diagnosis(
                                LeakKind.NOT_CLOSED,
                                "it belongs to "
                                    + library.what()
                                    + library.reason().map(reason -> ": " + reason).orElse(""),
                                "nobody can stop it: leak.knownLibraries=true ignores it")));
  }

  static Optional<Diagnosis> threadMonitor(Observation seen) {
    return seen.thread().threadClass().equals("dev.leakverifier.monitor.MonitorThread")
        ? Optional.of(
            new Diagnosis(
                LeakKind.NOT_CLOSED,
                "it belongs to a ThreadMonitor, which was not closed",
                "call ThreadMonitor.close()"))
        : Optional.empty();
  }

  static Optional<Diagnosis> httpServer(Observation seen) {
    boolean dispatcher = seen.shape().jdkRuns("sun.net.httpserver.ServerImpl", "run");
    boolean timer = isTimer(seen) && HTTP_SERVER_TIMERS.contains(seen.thread().name());
    return dispatcher || timer
        ? Optional.of(
            new Diagnosis(
                LeakKind.HTTP_NOT_STOPPED,
                (dispatcher ? "" : "looks like ")
                    + "a com.sun.net.httpserver.HttpServer that was not stopped",
                "call HttpServer.stop(0) in teardown"))
        : Optional.empty();
  }

  static Optional<Diagnosis> httpClient(Observation seen) {
    boolean selector =
        seen.thread().threadClass().equals("jdk.internal.net.http.HttpClientImpl$SelectorManager");
    boolean worker =
        Fingerprint.foldedName(seen.thread().name()).equals(HTTP_CLIENT_WORKER)
            && seen.thread().isDaemon()
            && idlesInPool(seen);
    return selector || worker
        ? Optional.of(
            new Diagnosis(
                LeakKind.HTTP_NOT_STOPPED,
                (selector ? "" : "looks like ")
                    + "a java.net.http.HttpClient that was not closed, and is still in use",
                "call HttpClient.close() (since Java 21), or drop the client and all its requests"))
        : Optional.empty();
  }

  static Optional<Diagnosis> idlePoolWorker(Observation seen) {
    if (!idlesInPool(seen)) {
      return Optional.empty();
    }
    boolean scheduled = runs(seen, SCHEDULED_POOL, "take", "poll");
    boolean endsAlone = !scheduled && seen.thread().state() == Thread.State.TIMED_WAITING;
    return Optional.of(
        scheduled
            ? new Diagnosis(
                LeakKind.IDLE_POOL_WORKER,
                "the ScheduledThreadPoolExecutor that it belongs to was not shut down, or still"
                    + " waits for a delayed task",
                "call shutdownNow() on "
                    + Held.named(seen, "ScheduledThreadPoolExecutor")
                    + " in teardown: shutdown() lets delayed tasks run first")
            : new Diagnosis(
                LeakKind.IDLE_POOL_WORKER,
                "the ThreadPoolExecutor that it belongs to was never shut down"
                    + (endsAlone ? ALONE : ""),
                shutdown(seen, "ThreadPoolExecutor")));
  }

  static Optional<Diagnosis> idleForkJoinWorker(Observation seen) {
    StackShape shape = seen.shape();
    boolean idle =
        shape.jdkRuns(FORK_JOIN_POOL, "awaitWork")
            || (shape.jdkRuns(FORK_JOIN_POOL, "runWorker")
                && !shape.jdkRuns("java.util.concurrent.ForkJoinTask", "doExec")
                && shape.below().isEmpty());
    return idle && !seen.thread().isCommonPoolWorker()
        ? Optional.of(
            new Diagnosis(
                LeakKind.IDLE_POOL_WORKER,
                "the ForkJoinPool that it belongs to was never shut down" + ALONE,
                shutdown(seen, "ForkJoinPool")))
        : Optional.empty();
  }

  static Optional<Diagnosis> timer(Observation seen) {
    return isTimer(seen) && seen.shape().below().isEmpty()
        ? Optional.of(
            new Diagnosis(
                LeakKind.TIMER_NOT_CANCELLED,
                "the java.util.Timer that it belongs to was never cancelled",
                "call " + Held.call(seen, "Timer.cancel()") + " in teardown"))
        : Optional.empty();
  }

  /** Who owns a thread that is at a task can end it, too: this is added to the fix. */
  static Diagnosis withOwner(Diagnosis diagnosis, Observation seen) {
    if (OWNER_DOES_NOT_HELP.contains(diagnosis.kind())) {
      return diagnosis;
    }
    Optional<String> owner = seen.thread().owner();
    if (owner.isPresent()) {
      String ownerClass = owner.get().replaceAll("@.*", "");
      if (runs(seen, ownerClass, "close")) {
        return diagnosis;
      }
      String simpleName = ownerClass.replaceAll(".*[./]", "").replace('$', '.');
      return diagnosis.alsoFixedBy(
          "close() " + Held.named(seen, Names.visible(simpleName), "owns it"));
    }
    if (runs(seen, POOL, "runWorker")) {
      return diagnosis.alsoFixedBy(
          "shutdownNow() on " + Held.named(seen, "ThreadPoolExecutor", "runs it"));
    }
    if (runs(seen, FORK_JOIN_POOL, "runWorker") && !seen.thread().isCommonPoolWorker()) {
      return diagnosis.alsoFixedBy(
          "shutdownNow() on " + Held.named(seen, "ForkJoinPool", "runs it"));
    }
    return isTimer(seen)
        ? diagnosis.alsoFixedBy("cancel() on " + Held.named(seen, "Timer", "runs it"))
        : diagnosis;
  }

  private static String shutdown(Observation seen, String pool) {
    return "call shutdown(), or close() since Java 19, on "
        + Held.named(seen, pool)
        + " in teardown";
  }

  /** Also below code of a queue that is not the JDK's, and in a copy of the JDK's pool. */
  private static boolean idlesInPool(Observation seen) {
    return seen.thread().frames().stream()
        .anyMatch(
            frame ->
                frame.getMethodName().equals("getTask")
                    && frame.getClassName().endsWith(".ThreadPoolExecutor"));
  }

  private static boolean isTimer(Observation seen) {
    return seen.thread().threadClass().equals("java.util.TimerThread");
  }

  private static boolean runs(Observation seen, String className, String... methods) {
    return seen.thread().frames().stream()
        .anyMatch(frame -> StackShape.isOf(frame, className, methods));
  }
}
