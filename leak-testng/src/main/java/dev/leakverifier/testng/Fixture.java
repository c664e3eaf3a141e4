package dev.leakverifier.testng;

import dev.leakverifier.LeakLevel;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import org.testng.ITestNGMethod;

/** The kinds of fixtures, each with the level that it belongs to. */
enum Fixture {
  BEFORE_SUITE("BeforeSuite", LeakLevel.SUITE, ITestNGMethod::isBeforeSuiteConfiguration),
  AFTER_SUITE("AfterSuite", LeakLevel.SUITE, ITestNGMethod::isAfterSuiteConfiguration),
  BEFORE_TEST("BeforeTest", LeakLevel.TEST, ITestNGMethod::isBeforeTestConfiguration),
  AFTER_TEST("AfterTest", LeakLevel.TEST, ITestNGMethod::isAfterTestConfiguration),
  BEFORE_GROUPS("BeforeGroups", LeakLevel.TEST, ITestNGMethod::isBeforeGroupsConfiguration),
  AFTER_GROUPS("AfterGroups", LeakLevel.TEST, ITestNGMethod::isAfterGroupsConfiguration),
  BEFORE_CLASS("BeforeClass", LeakLevel.CLASS, ITestNGMethod::isBeforeClassConfiguration),
  AFTER_CLASS("AfterClass", LeakLevel.CLASS, ITestNGMethod::isAfterClassConfiguration),
  BEFORE_METHOD("BeforeMethod", LeakLevel.METHOD, ITestNGMethod::isBeforeMethodConfiguration),
  AFTER_METHOD("AfterMethod", LeakLevel.METHOD, ITestNGMethod::isAfterMethodConfiguration);

  private final String annotation;
  private final LeakLevel level;

  @SuppressWarnings("ImmutableEnumChecker") // method references keep no state
  private final Predicate<ITestNGMethod> kind;

  Fixture(String annotation, LeakLevel level, Predicate<ITestNGMethod> kind) {
    this.annotation = annotation;
    this.level = level;
    this.kind = kind;
  }

  /** What kind of fixture {@code method} is; empty for a test. */
  static Optional<Fixture> of(ITestNGMethod method) {
    return Arrays.stream(values()).filter(fixture -> fixture.kind.test(method)).findFirst();
  }

  String annotation() {
    return annotation;
  }

  LeakLevel level() {
    return level;
  }
}
