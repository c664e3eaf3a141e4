package dev.leakverifier.thread;

import java.util.List;

/** Tells the stack frames of test runners, and of what starts them. */
public final class RunnerFrames {
  private static final List<String> PREFIXES =
      List.of("org.testng.", "org.junit.", "junit.framework.", "org.apache.maven.surefire.");

  private RunnerFrames() {}

  /** Whether the frame is a test runner's. */
  public static boolean isRunner(StackTraceElement frame) {
    return PREFIXES.stream().anyMatch(frame.getClassName()::startsWith);
  }
}
