package dev.leakverifier.testng;

import dev.leakverifier.LeakLevel;
import dev.leakverifier.LeakWatch;
import java.util.Optional;
import org.testng.ITestClass;
import org.testng.ITestContext;
import org.testng.ITestResult;

/** Code of the tests that TestNG runs, and in which threads may appear. */
sealed interface Window extends LeakWatch.Window permits InvocationWindow, MakingWindow {
  /** When the verdict on these threads falls. */
  LeakLevel level();

  /** Whether TestNG runs it on this thread, as a method with its teardowns. */
  boolean runsOn(long thread);

  /** The class of its tests; empty if there are several. */
  Optional<ITestClass> testClass();

  /** Whether its tests belong to this {@code <test>}. */
  boolean isIn(ITestContext context);

  /** In which result it is said that it has leaked; empty as long as there is none. */
  Optional<ITestResult> answers();

  /** What a reader of its report should know besides, in a line. */
  default Optional<String> note() {
    return Optional.empty();
  }
}
