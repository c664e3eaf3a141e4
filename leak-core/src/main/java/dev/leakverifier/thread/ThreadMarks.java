package dev.leakverifier.thread;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What a thread can be recognised by. */
final class ThreadMarks {
  private ThreadMarks() {}

  static Predicate<ThreadSample> isA(String threadClass) {
    return thread -> thread.threadClass().equals(threadClass);
  }

  /** The thread's class is one of {@code prefix}, for instance one nested in a class. */
  static Predicate<ThreadSample> isAnyOf(String prefix) {
    return thread -> thread.threadClass().startsWith(prefix);
  }

  static Predicate<ThreadSample> named(String name) {
    return thread -> thread.name().equals(name);
  }

  static Predicate<ThreadSample> named(Pattern name) {
    return thread -> name.matcher(thread.name()).matches();
  }

  static Predicate<ThreadSample> inSystemGroup() {
    return inGroup("system");
  }

  /** A saved dump tells no groups: there the rest of a rule has to do. */
  static Predicate<ThreadSample> inGroup(String name) {
    return thread -> thread.groupName().equals(name) || isDumped(thread);
  }

  /** Whether a saved dump has told of the thread; a live one has a group, until it ends. */
  static boolean isDumped(ThreadSample thread) {
    return thread.groupName().isEmpty();
  }

  static boolean isWaiting(ThreadSample thread) {
    return thread.state() == Thread.State.WAITING || thread.state() == Thread.State.TIMED_WAITING;
  }

  // Of these, one method reference serves all rules. Start-up: see docs/performance.md

  static Predicate<ThreadSample> runsNoJavaCode() {
    return ThreadMarks::runsNoJavaCode;
  }

  static Predicate<ThreadSample> runsOnlyJdkCode() {
    return ThreadMarks::runsOnlyJdkCode;
  }

  static Predicate<ThreadSample> runsNoTask() {
    return ThreadMarks::runsNoTask;
  }

  /** A virtual thread without frames has only not begun to run. */
  private static boolean runsNoJavaCode(ThreadSample thread) {
    return thread.frames().isEmpty() && !thread.isVirtual();
  }

  /** A virtual thread runs a user's task, also if that is made of the JDK's code only. */
  static boolean runsOnlyJdkCode(ThreadSample thread) {
    return thread.threadClass().startsWith("java.") && !thread.isVirtual() && isAllJdk(thread);
  }

  /** A frame of the JDK belongs to a class whose name starts with {@code prefix}. */
  static Predicate<ThreadSample> runsJdkClass(String prefix) {
    return hasFrame(frame -> frame.getClassName().startsWith(prefix) && StackFrames.isJdk(frame));
  }

  /** A frame of the JDK is {@code function}. */
  static Predicate<ThreadSample> runsJdkFunction(String function) {
    return hasFrame(frame -> StackFrames.isFunction(frame, function) && StackFrames.isJdk(frame));
  }

  /** A frame belongs to a class of {@code prefix}, also where another library has shaded it in. */
  static Predicate<ThreadSample> runs(String prefix) {
    Predicate<StackTraceElement> isOf = isOf(prefix);
    return thread -> any(thread.framesOutsideJdk(), isOf);
  }

  /**
   * The first frame from the top that is not the JDK's belongs to a class of {@code prefix}: what
   * the thread does is the library's own business, not a task that a user gave it.
   */
  static Predicate<ThreadSample> restsIn(String prefix) {
    Predicate<StackTraceElement> isOf = isOf(prefix);
    return thread -> {
      List<StackTraceElement> frames = thread.framesOutsideJdk();
      return !frames.isEmpty() && isOf.test(frames.get(0));
    };
  }

  /**
   * A thread of a {@code ForkJoinPool} that is in no task: one that a user gave it may be made of
   * the JDK's code only, too.
   */
  static boolean runsNoTask(ThreadSample thread) {
    return runsOnlyJdkCode(thread)
        && !thread.hasFunction("java.util.concurrent.ForkJoinTask.doExec");
  }

  /** A worker of a {@code ThreadPoolExecutor} that waits for its next task. */
  static boolean idlesInPool(ThreadSample thread) {
    return isAllJdk(thread)
        && thread.hasFunction("java.util.concurrent.ThreadPoolExecutor.getTask");
  }

  private static Predicate<StackTraceElement> isOf(String prefix) {
    String shaded = "." + prefix; // made once: it is asked of each frame of each new thread
    return frame ->
        frame.getClassName().startsWith(prefix) || frame.getClassName().contains(shaded);
  }

  /** The first frame from the bottom that is not the JDK's belongs to a class of {@code prefix}. */
  static Predicate<ThreadSample> startsIn(String prefix) {
    return thread -> {
      List<StackTraceElement> frames = thread.framesOutsideJdk();
      return !frames.isEmpty() && frames.get(frames.size() - 1).getClassName().startsWith(prefix);
    };
  }

  private static boolean isAllJdk(ThreadSample thread) {
    return thread.framesOutsideJdk().isEmpty();
  }

  private static Predicate<ThreadSample> hasFrame(Predicate<StackTraceElement> rule) {
    return thread -> any(thread.frames(), rule);
  }

  /** Makes no iterator, of which each leak would cost some thirty: see AllocationTest. */
  private static boolean any(List<StackTraceElement> frames, Predicate<StackTraceElement> rule) {
    for (int i = 0; i < frames.size(); i++) {
      if (rule.test(frames.get(i))) {
        return true;
      }
    }
    return false;
  }
}
