package dev.leakverifier.thread;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Threads of test runners that show nothing but the JDK's code while they wait. Names only lead to
 * them, since a user's thread can have the same: what decides is who made them, who waits for them,
 * or when they were made.
 *
 * <p>Seen with TestNG 7.0 to 7.12 and Surefire 2.22 to 3.6. Of a saved dump nothing but the name
 * can be told.
 */
final class RunnerThreads {
  private static final String TESTNG = "org.testng.";

  private static final Set<String> LINKS_TO_MAVEN =
      Set.of(
          "surefire-forkedjvm-stream-flusher",
          "surefire-forkedjvm-ping-30s",
          "surefire-process-checker");

  /** So many threads the fork may make after its reader of commands, before any test. */
  private static final int MADE_AFTER_READER = 2;

  private RunnerThreads() {}

  /**
   * A worker of a pool that TestNG has made. Who made it is not known where nobody records it: then
   * there has to be a thread that waits in TestNG's code, as one does for each of its pools. Where
   * tests run one after the other, the thread that runs them is in a test.
   */
  static boolean isOfTestNg(ThreadSample thread) {
    if (!thread.name().startsWith("TestNG-") || !ThreadMarks.runsOnlyJdkCode(thread)) {
      return false;
    }
    Optional<String> maker = thread.createdBy();
    return ThreadMarks.isDumped(thread)
        || (maker.isPresent() ? maker.get().startsWith(TESTNG) : anyRestsIn(TESTNG));
  }

  /**
   * A thread that links a fork of Surefire's with Maven. The fork makes them all in one go with the
   * one that reads the commands of Maven, which its stack tells, and before it loads a test.
   */
  static boolean isOfSurefire(ThreadSample thread) {
    if (!thread.isDaemon() || !ThreadMarks.runsOnlyJdkCode(thread)) {
      return false;
    }
    boolean named = LINKS_TO_MAVEN.contains(thread.name());
    if (ThreadMarks.isDumped(thread)) {
      return named;
    }
    long reader = CommandReader.ID;
    return thread.id() < reader
        || (reader > 0
            && named
            && isScheduled(thread)
            && thread.id() <= reader + MADE_AFTER_READER);
  }

  private static boolean isScheduled(ThreadSample thread) {
    return thread.state() == Thread.State.TIMED_WAITING
        && thread.hasFunction(
            "java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue.take");
  }

  private static boolean anyRestsIn(String prefix) {
    Predicate<ThreadSample> rests = ThreadMarks.restsIn(prefix);
    for (StackTraceElement[] stack : Thread.getAllStackTraces().values()) {
      if (rests.test(standing(stack))) {
        return true;
      }
    }
    return false;
  }

  /** Where a thread of this JVM stands, and nothing else of it. */
  private static ThreadSample standing(StackTraceElement[] stack) {
    return ThreadSample.builder(0, "", Thread.State.WAITING).frames(List.of(stack)).build();
  }

  /** Looked for once, and only where a thread may be older: it reads as long as the fork lives. */
  private static final class CommandReader {
    static final long ID = find();

    private static long find() {
      Predicate<ThreadSample> reads =
          ThreadMarks.startsIn("org.apache.maven.surefire.booter.CommandReader");
      for (Map.Entry<Thread, StackTraceElement[]> thread : Thread.getAllStackTraces().entrySet()) {
        if (reads.test(standing(thread.getValue()))) {
          return thread.getKey().getId();
        }
      }
      return 0;
    }
  }
}
