package dev.leakverifier.testng;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.testng.ITestClass;
import org.testng.ITestResult;
import org.testng.xml.XmlTest;

/** A class of which TestNG has made instances for a {@code <test>}. Compared by identity. */
final class MadeClass {
  private final XmlTest tag;
  private final Class<?> type;
  private final @Nullable ITestClass testClass;
  private volatile @Nullable ITestResult answers;

  /**
   * Made for {@code tag}.
   *
   * @param testClass null if it has no test that is to run
   */
  MadeClass(XmlTest tag, Class<?> type, @Nullable ITestClass testClass) {
    this.tag = tag;
    this.type = type;
    this.testClass = testClass;
  }

  XmlTest tag() {
    return tag;
  }

  /** Tags are equal if they say the same; so it is asked for identity. */
  @SuppressWarnings("ReferenceEquality")
  boolean isFor(XmlTest other) {
    return tag == other;
  }

  Class<?> type() {
    return type;
  }

  Optional<ITestClass> testClass() {
    return Optional.ofNullable(testClass);
  }

  /** Its first test that was not skipped, or else its first fixture. */
  Optional<ITestResult> answers() {
    return Optional.ofNullable(answers);
  }

  /** Notes that a test or fixture of it has run. */
  synchronized void ran(ITestResult result) {
    ITestResult first = answers;
    if (first == null || fitness(result) > fitness(first)) {
      answers = result;
    }
  }

  /** How fit a result is to answer for its class: in one that was skipped, a leak is no failure. */
  static int fitness(ITestResult result) {
    if (result.getStatus() == ITestResult.SKIP) {
      return 0;
    }
    return result.getMethod().isTest() ? 2 : 1;
  }
}
