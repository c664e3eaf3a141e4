package dev.leakverifier.testng;

import static java.util.stream.Collectors.joining;

import dev.leakverifier.host.Guard;
import dev.leakverifier.text.Names;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.testng.ITest;
import org.testng.ITestNGMethod;
import org.testng.ITestResult;

/** How a test or fixture is named in a report. */
final class ResultNames {
  private static final int MAX_PARAMETER_LENGTH = 40;
  private static final int MAX_EXCEPTION_LENGTH = 200;

  private ResultNames() {}

  /**
   * {@code CheckoutTest.pays(EUR)}, or {@code @BeforeClass CheckoutTest.connects}; {@code
   * CheckoutTest[EUR].pays} where a factory made several instances.
   */
  static String of(ITestResult result) {
    return fixture(result.getMethod())
        + Names.of(result.getTestClass().getRealClass())
        + instance(result)
        + "."
        + result.getMethod().getMethodName()
        + parameters(result);
  }

  /** What an exception says, in a line. */
  static String of(@Nullable Throwable thrown) {
    String line = said(() -> String.valueOf(thrown)).lines().findFirst().orElse("");
    return cut(line, MAX_EXCEPTION_LENGTH);
  }

  private static String parameters(ITestResult result) {
    Object[] parameters = result.getParameters();
    return result.getMethod().isTest() && parameters.length > 0
        ? Arrays.stream(parameters).map(ResultNames::text).collect(joining(", ", "(", ")"))
        : "";
  }

  /** What tells apart the instances that a factory made: its parameters, or what they say. */
  private static String instance(ITestResult result) {
    if (!Lifecycle.hasSeveralInstances(result.getMethod().getTestClass())) {
      return "";
    }
    Object[] parameters = result.getFactoryParameters();
    if (parameters != null && parameters.length > 0) {
      return Arrays.stream(parameters).map(ResultNames::text).collect(joining(", ", "[", "]"));
    }
    Object instance = result.getInstance();
    if (instance instanceof ITest named) {
      return "[" + said(named::getTestName) + "]";
    }
    return describesItself(instance) ? "[" + text(instance) + "]" : "";
  }

  private static boolean describesItself(Object instance) {
    try {
      return instance.getClass().getMethod("toString").getDeclaringClass() != Object.class;
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e); // every object has it
    }
  }

  private static String text(@Nullable Object parameter) {
    return cut(said(() -> String.valueOf(parameter)), MAX_PARAMETER_LENGTH);
  }

  private static String cut(String text, int max) {
    return text.length() <= max ? text : Names.start(text, max - 3) + "...";
  }

  /** What code of the user's says, which may fail. */
  private static String said(Guard.Maker<String> text) {
    return Guard.make("what a test is called", text, lost -> "?");
  }

  private static String fixture(ITestNGMethod method) {
    return Fixture.of(method).map(fixture -> "@" + fixture.annotation() + " ").orElse("");
  }
}
