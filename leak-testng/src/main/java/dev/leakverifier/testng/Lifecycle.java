package dev.leakverifier.testng;

import dev.leakverifier.LeakLevel;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.testng.IDataProviderMethod;
import org.testng.ISuite;
import org.testng.ITestClass;
import org.testng.ITestContext;
import org.testng.ITestNGMethod;
import org.testng.annotations.AfterGroups;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.AfterSuite;
import org.testng.annotations.AfterTest;
import org.testng.xml.XmlClass;
import org.testng.xml.XmlPackage;
import org.testng.xml.XmlSuite;
import org.testng.xml.XmlTest;

/**
 * What can be known in advance about a suite: which teardowns it has, and whether it is parallel.
 */
final class Lifecycle {
  private final boolean parallel;
  private final boolean tagsRunSideBySide;
  private final boolean tearsDownSuite;
  private final List<ITestNGMethod> methods;
  private final Set<String> methodsDependedUpon;
  private final Set<String> groupsDependedUpon;
  private final Map<XmlTest, Boolean> tearsDownTest =
      Collections.synchronizedMap(new IdentityHashMap<>()); // tags are equal if they say the same

  Lifecycle(ISuite suite) {
    this.methods = List.copyOf(suite.getAllMethods());
    this.parallel =
        isParallel(suite.getXmlSuite()) || methods.stream().anyMatch(Lifecycle::isParallel);
    this.tagsRunSideBySide = suite.getXmlSuite().getParallel() == XmlSuite.ParallelMode.TESTS;
    this.methodsDependedUpon = all(methods, ITestNGMethod::getMethodsDependedUpon);
    this.groupsDependedUpon = all(methods, ITestNGMethod::getGroupsDependedUpon);
    this.tearsDownSuite =
        declareAny(classes(suite.getXmlSuite().getTests(), methods), AfterSuite.class);
  }

  /** Whether several tests may run at the same time, as far as TestNG tells in advance. */
  boolean isParallel() {
    return parallel;
  }

  /**
   * The level before whose end no verdict falls, so that none falls while other tests run: to ask
   * who started a thread costs time, and what starts at this moment may lose its starter. TestNG
   * finds a data provider only when its method comes to run.
   */
  LeakLevel narrowest(ITestNGMethod method) {
    return isParallel(method) ? narrowest().orWider(LeakLevel.TEST) : narrowest();
  }

  /** The level before whose end no verdict falls, as far as is known in advance. */
  LeakLevel narrowest() {
    if (tagsRunSideBySide) {
      return LeakLevel.SUITE;
    }
    return parallel ? LeakLevel.TEST : LeakLevel.METHOD;
  }

  /** The tests that are to run for {@code tag}. */
  @SuppressWarnings("ReferenceEquality") // tags are equal if they say the same
  List<ITestNGMethod> methodsOf(XmlTest tag) {
    return methods.stream().filter(m -> m.getXmlTest() == tag).toList();
  }

  /** Whether other tests are skipped if {@code method} fails at once. */
  boolean isDependedUpon(ITestNGMethod method) {
    return methodsDependedUpon.contains(method.getQualifiedName())
        || Arrays.stream(method.getGroups()).anyMatch(this::isDependedUpon);
  }

  private boolean isDependedUpon(String group) {
    return groupsDependedUpon.stream().anyMatch(wanted -> Pattern.matches(wanted, group));
  }

  /** The widest teardown that could still stop a thread which appeared in {@code method}. */
  LeakLevel widestTeardown(ITestNGMethod method, ITestContext context) {
    LeakLevel ofClass =
        method.getTestClass().getAfterClassMethods().length > 0
            ? LeakLevel.CLASS
            : LeakLevel.METHOD;
    return ofClass.orWider(
        widestTeardown(
            context.getCurrentXmlTest(), () -> Arrays.asList(context.getAllTestMethods())));
  }

  /**
   * The widest teardown that could still stop what was started when the tests of a tag were made.
   */
  LeakLevel widestTeardown(XmlTest tag) {
    return LeakLevel.CLASS.orWider(widestTeardown(tag, () -> methodsOf(tag)));
  }

  private LeakLevel widestTeardown(XmlTest tag, Supplier<List<ITestNGMethod>> tests) {
    if (tearsDownSuite) {
      return LeakLevel.SUITE;
    }
    return tearsDownTest.computeIfAbsent(tag, key -> tearsDownTest(key, tests))
        ? LeakLevel.TEST
        : LeakLevel.METHOD;
  }

  /** Whether an {@code @AfterMethod} of {@code testClass} runs only after a method's last run. */
  static boolean tearsDownLastTimeOnly(ITestClass testClass) {
    for (ITestNGMethod method : testClass.getAfterTestMethods()) { // asked for each test
      AfterMethod annotation =
          method.getConstructorOrMethod().getMethod().getAnnotation(AfterMethod.class);
      if (annotation != null && annotation.lastTimeOnly()) {
        return true;
      }
    }
    return false;
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

  private static boolean tearsDownTest(XmlTest tag, Supplier<List<ITestNGMethod>> tests) {
    Set<Class<?>> classes = classes(List.of(tag), tests.get());
    return declareAny(classes, AfterTest.class) || declareAny(classes, AfterGroups.class);
  }

  /** Those named in testng.xml, of which some have fixtures only, and those that factories made. */
  static Set<Class<?>> classes(List<XmlTest> tags, List<ITestNGMethod> methods) {
    Set<Class<?>> classes = new LinkedHashSet<>();
    for (XmlTest tag : tags) {
      addTo(classes, tag.getXmlClasses());
      for (XmlPackage each : tag.getXmlPackages()) {
        addTo(classes, each.getXmlClasses());
      }
    }
    for (ITestNGMethod method : methods) {
      classes.add(method.getRealClass());
    }
    return classes;
  }

  private static void addTo(Set<Class<?>> classes, List<XmlClass> named) {
    for (XmlClass each : named) {
      classes.add(each.getSupportClass());
    }
  }

  private static boolean declareAny(Set<Class<?>> classes, Class<? extends Annotation> fixture) {
    for (Class<?> type : withSupertypes(classes)) {
      for (Method method : type.getDeclaredMethods()) {
        if (method.isAnnotationPresent(fixture)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The classes, and all classes and interfaces that they inherit from. */
  static Set<Class<?>> withSupertypes(Collection<Class<?>> classes) {
    Set<Class<?>> all = new LinkedHashSet<>();
    Deque<Class<?>> next = new ArrayDeque<>(classes);
    while (!next.isEmpty()) {
      Class<?> type = next.pop();
      if (all.add(type)) {
        if (type.getSuperclass() != null) {
          next.push(type.getSuperclass());
        }
        next.addAll(Arrays.asList(type.getInterfaces()));
      }
    }
    return all;
  }

  private static Set<String> all(
      List<ITestNGMethod> methods, Function<ITestNGMethod, String[]> property) {
    Set<String> all = new HashSet<>();
    for (ITestNGMethod method : methods) {
      all.addAll(Arrays.asList(property.apply(method)));
    }
    return all;
  }

  private static boolean isParallel(XmlSuite suite) {
    return isParallel(suite.getParallel())
        || suite.getTests().stream().anyMatch(test -> isParallel(test.getParallel()));
  }

  /** TestNG's own {@code mode.isParallel()} is false for {@code <test>} tags side by side. */
  private static boolean isParallel(XmlSuite.ParallelMode mode) {
    return mode != XmlSuite.ParallelMode.NONE;
  }

  private static boolean isParallel(ITestNGMethod method) {
    IDataProviderMethod rows = method.getDataProviderMethod();
    return method.getThreadPoolSize() > 1 || (rows != null && rows.isParallel());
  }
}
