package dev.leakverifier.testng;

import dev.leakverifier.LeakLevel;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.testng.IDataProviderMethod;
import org.testng.ISuite;
import org.testng.ITestClass;
import org.testng.ITestContext;
import org.testng.ITestNGMethod;
import org.testng.xml.XmlSuite;

/**
 * What TestNG knows in advance about a suite: which teardowns it has, and whether it is parallel.
 */
final class Lifecycle {
  private final boolean parallel;
  private final boolean tearsDownSuite;

  Lifecycle(ISuite suite) {
    List<ITestNGMethod> methods = suite.getAllMethods();
    this.parallel =
        isParallel(suite.getXmlSuite()) || methods.stream().anyMatch(Lifecycle::isParallel);
    this.tearsDownSuite = hasAny(methods, ITestClass::getAfterSuiteMethods);
  }

  /** Whether several tests may run at the same time. */
  boolean isParallel() {
    return parallel;
  }

  /** The widest teardown that could still stop a thread which appeared in {@code method}. */
  LeakLevel widestTeardown(ITestNGMethod method, ITestContext context) {
    List<ITestNGMethod> beside = Arrays.asList(context.getAllTestMethods());
    if (tearsDownSuite) {
      return LeakLevel.SUITE;
    }
    if (hasAny(beside, ITestClass::getAfterTestConfigurationMethods)
        || hasAny(beside, ITestClass::getAfterGroupsMethods)) {
      return LeakLevel.TEST;
    }
    return hasAny(List.of(method), ITestClass::getAfterClassMethods)
        ? LeakLevel.CLASS
        : LeakLevel.METHOD;
  }

  /** Whether {@code testClass} runs with several instances, whose teardowns interleave. */
  static boolean hasSeveralInstances(ITestClass testClass) {
    return Arrays.stream(testClass.getTestMethods())
            .mapToInt(method -> System.identityHashCode(method.getInstance()))
            .distinct()
            .limit(2)
            .count()
        > 1;
  }

  private static boolean hasAny(
      List<ITestNGMethod> methods, Function<ITestClass, ITestNGMethod[]> teardowns) {
    return methods.stream()
        .map(ITestNGMethod::getTestClass)
        .distinct()
        .anyMatch(testClass -> teardowns.apply(testClass).length > 0);
  }

  private static boolean isParallel(XmlSuite suite) {
    return suite.getParallel().isParallel()
        || suite.getTests().stream().anyMatch(test -> test.getParallel().isParallel());
  }

  private static boolean isParallel(ITestNGMethod method) {
    IDataProviderMethod rows = method.getDataProviderMethod();
    return method.getThreadPoolSize() > 1 || (rows != null && rows.isParallel());
  }
}
