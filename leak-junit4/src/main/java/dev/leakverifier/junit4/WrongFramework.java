package dev.leakverifier.junit4;

import dev.leakverifier.thread.StackFrames;
import java.util.Arrays;
import java.util.Optional;

/** Finds what JUnit Jupiter or JUnit 4 would pass over in silence, since it is the other's. */
final class WrongFramework {
  private WrongFramework() {}

  /**
   * Refuses a rule in a test that Jupiter makes, which knows no rules. Its platform makes nothing
   * of JUnit 4, whose runners do that themselves.
   */
  static void refuseRuleOfJupiter() {
    boolean makesTest = false;
    for (StackTraceElement frame : new Throwable().getStackTrace()) {
      String type = frame.getClassName();
      if (makesTest
          && (type.startsWith("org.junit.platform.") || type.startsWith("org.junit.jupiter."))) {
        throw new IllegalStateException(
            "a LeakVerifierRule checks nothing in a test of JUnit Jupiter, which knows no rules:"
                + " add leak-jupiter, and write @ExtendWith(LeakVerifierExtension.class) on the"
                + " class");
      }
      if (!StackFrames.isJdk(frame)) {
        makesTest = frame.getMethodName().endsWith("init>");
      }
      if (type.startsWith("org.junit.")) {
        return;
      }
    }
  }

  /** What is wrong with {@code testClass}, which JUnit 4 runs; empty if nothing is. */
  static Optional<IllegalStateException> extensionOn(Class<?> testClass) {
    return Arrays.stream(testClass.getAnnotations())
        .map(Object::toString)
        .filter(annotation -> annotation.contains("extension.ExtendWith("))
        .filter(annotation -> annotation.contains("dev.leakverifier.jupiter.LeakVerifierExtension"))
        .findFirst()
        .map(
            found ->
                new IllegalStateException(
                    "LeakVerifierExtension checks nothing on "
                        + testClass.getName()
                        + ", since JUnit 4 runs it: remove it there, or write the tests for JUnit"
                        + " Jupiter"));
  }
}
