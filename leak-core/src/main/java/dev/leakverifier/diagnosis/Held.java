package dev.leakverifier.diagnosis;

import dev.leakverifier.text.Names;
import dev.leakverifier.thread.ThreadHolder;
import java.util.Optional;
import java.util.Set;

/** Names, in a fix, the very object that has to be stopped, where the heap has shown it. */
final class Held {
  /** What a pool or a timer of the JDK is called where it is held. */
  private static final Set<String> OF_JDK =
      Set.of(
          "ThreadPoolExecutor",
          "ScheduledThreadPoolExecutor",
          "ForkJoinPool",
          "ExecutorService",
          "ScheduledExecutorService",
          "ThreadPerTaskExecutor",
          "Timer");

  private Held() {}

  /**
   * {@code Orders.sender (ThreadPoolExecutor)} where that is held; {@code the ThreadPoolExecutor of
   * Orders.client (Client)} where that holds it; else {@code the ThreadPoolExecutor}.
   */
  static String named(Observation seen, String type) {
    Optional<ThreadHolder> holder = seen.thread().holder();
    return holder
        .flatMap(ThreadHolder::object)
        .map(Names::visible)
        .map(
            object ->
                OF_JDK.contains(holder.get().type()) ? object : "the " + type + " of " + object)
        .orElse("the " + type);
  }

  /** The same, with what it does: {@code the Timer that runs it}. */
  static String named(Observation seen, String type, String does) {
    String name = named(seen, type);
    return name.startsWith("the ") ? name + " that " + does : name + ", which " + does;
  }

  /**
   * {@code close() on Orders.db (HikariDataSource)} for the call {@code HikariDataSource.close()},
   * where such a one is held; else the call as it is.
   */
  static String call(Observation seen, String call) {
    int dot = call.indexOf('.');
    return seen.thread()
        .holder()
        .filter(holder -> dot > 0 && holder.type().equals(call.substring(0, dot)))
        .flatMap(ThreadHolder::object)
        .map(object -> call.substring(dot + 1) + " on " + Names.visible(object))
        .orElse(call);
  }
}
