package dev.leakverifier.thread;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whose code a stack frame is. The JDK's is told by its module, a test runner's by the names of its
 * packages, and the project's own by the place of the class file: a folder, or what the build has
 * made of one. No class is loaded for it, and a place is looked up once.
 *
 * <p>Where a build is laid out differently, {@code leak.ownPackages} tells what is the project's.
 */
public enum CodeOwner {
  JDK,
  /** A test runner's, of what starts one, or of what this library adds to it. */
  RUNNER,
  /** The code of the project that is tested, and that of its tests. */
  PROJECT,
  LIBRARY,
  /** Of a class whose file is not to be found, as of one that another class loader has. */
  UNKNOWN;

  private static final List<String> RUNNERS =
      List.of(
          "org.testng.",
          "org.junit.",
          "junit.framework.",
          "org.apache.maven.surefire.",
          "org.gradle.",
          "worker.org.gradle.",
          "com.intellij.rt.",
          "org.eclipse.jdt.internal.");

  /** A JVM that runs for long may make classes without end. */
  private static final int MOST = 10_000;

  private static final Map<String, CodeOwner> BY_CLASS = new ConcurrentHashMap<>();

  /** Those that the user has named; empty if it is to be found out. */
  private static volatile List<String> ownPackages = List.of();

  /** Whose code {@code frame} is. */
  public static CodeOwner of(StackTraceElement frame) {
    if (StackFrames.isJdk(frame)) {
      return JDK;
    }
    if (isRunner(frame)) {
      return RUNNER;
    }
    List<String> own = ownPackages;
    if (!own.isEmpty()) {
      return own.stream().anyMatch(each -> isIn(frame.getClassName(), each)) ? PROJECT : LIBRARY;
    }
    if (BY_CLASS.size() > MOST) {
      BY_CLASS.clear();
    }
    return BY_CLASS.computeIfAbsent(frame.getClassName(), CodeOwner::byPlace);
  }

  /** Whether the frame is a test runner's, or of what starts one. */
  public static boolean isRunner(StackTraceElement frame) {
    String name = frame.getClassName();
    for (String runner : RUNNERS) {
      if (name.startsWith(runner)) {
        return true;
      }
    }
    return false;
  }

  /**
   * From now on only the code in these packages, and in those below them, is the project's own, in
   * this whole JVM; if there are none, it is found out again.
   */
  public static void setOwnPackages(List<String> packages) {
    ownPackages = List.copyOf(packages);
  }

  private static CodeOwner byPlace(String className) {
    return ClassPlace.of(className)
        .map(place -> place.isOurs() ? RUNNER : place.isMadeByBuild() ? PROJECT : LIBRARY)
        .orElse(UNKNOWN);
  }

  private static boolean isIn(String className, String packageName) {
    return className.startsWith(packageName)
        && className.length() > packageName.length()
        && className.charAt(packageName.length()) == '.';
  }
}
