package dev.leakverifier.diagnosis;

import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A stack in two parts. Public for the package that writes reports.
 *
 * @param jdk the JDK's frames on top of the first one that is not the JDK's, topmost first; all
 *     frames where all are the JDK's
 * @param below the others, from the first frame that is not the JDK's on
 */
public record StackShape(List<StackTraceElement> jdk, List<StackTraceElement> below) {
  /** The parts of a thread's stack. */
  public static StackShape of(ThreadSample thread) {
    List<StackTraceElement> frames = thread.frames();
    int user = StackFrames.firstOutsideJdk(frames);
    return user < 0
        ? new StackShape(frames, List.of())
        : new StackShape(frames.subList(0, user), frames.subList(user, frames.size()));
  }

  /** Whether the thread works for a pool, which gives it one task after the other. */
  static boolean isPoolWorker(ThreadSample thread) {
    return thread.frames().stream()
        .anyMatch(
            frame ->
                frame.getMethodName().equals("runWorker")
                    && (frame.getClassName().endsWith(".ThreadPoolExecutor")
                        || frame.getClassName().equals("java.util.concurrent.ForkJoinPool")));
  }

  /** The topmost frame that is not the JDK's. */
  public Optional<StackTraceElement> top() {
    return below.stream().findFirst();
  }

  /** The frames that are not the JDK's. */
  List<StackTraceElement> own() {
    return below.stream().filter(frame -> !StackFrames.isJdk(frame)).toList();
  }

  /** The JDK's frame that the topmost other one has called; the bottom one if there is none. */
  Optional<StackTraceElement> called() {
    return jdk.isEmpty() ? Optional.empty() : Optional.of(jdk.get(jdk.size() - 1));
  }

  /** The JDK's frames on top, from the one that was called from outside on. */
  List<StackTraceElement> jdkFromCaller() {
    List<StackTraceElement> fromCaller = new ArrayList<>(jdk);
    Collections.reverse(fromCaller);
    return fromCaller;
  }

  /** Whether the JDK's part has such a function; nested classes count as their outer one. */
  boolean jdkRuns(String className, String... methods) {
    return jdk.stream().anyMatch(frame -> isOf(frame, className, methods));
  }

  /** Whether a frame is one of the {@code methods} of a class, or of one that is nested in it. */
  static boolean isOf(StackTraceElement frame, String className, String... methods) {
    String name = frame.getClassName();
    return name.startsWith(className)
        && (name.length() == className.length() || name.charAt(className.length()) == '$')
        && List.of(methods).contains(frame.getMethodName());
  }
}
