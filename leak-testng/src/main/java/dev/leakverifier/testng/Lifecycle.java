package dev.leakverifier.testng;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.MapMaker;
import com.google.common.reflect.TypeToken;
import dev.leakverifier.LeakLevel;
import java.lang.annotation.Annotation;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.testng.IDataProviderMethod;
import org.testng.ISuite;
import org.testng.ITestClass;
import org.testng.ITestContext;
import org.testng.ITestNGMethod;
import org.testng.annotations.AfterGroups;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.AfterSuite;
import org.testng.annotations.AfterTest;
import org.testng.xml.XmlSuite;
import org.testng.xml.XmlTest;

/**
 * What can be known in advance about a suite: which teardowns it has, and whether it is parallel.
 */
final class Lifecycle {
  private final boolean parallel;
  private final boolean tagsRunSideBySide;
  private final boolean tearsDownSuite;
  private final ImmutableList<ITestNGMethod> methods;
  private final ImmutableSet<String> methodsDependedUpon;
  private final ImmutableSet<String> groupsDependedUpon;
  private final ConcurrentMap<XmlTest, Boolean> tearsDownTest =
      new MapMaker().weakKeys().makeMap(); // by identity

  Lifecycle(ISuite suite) {
    this.methods = ImmutableList.copyOf(suite.getAllMethods());
    this.parallel =
        isParallel(suite.getXmlSuite()) || methods.stream().anyMatch(Lifecycle::isParallel);
    this.tagsRunSideBySide = suite.getXmlSuite().getParallel() == XmlSuite.ParallelMode.TESTS;
    this.methodsDependedUpon = all(methods, ITestNGMethod::getMethodsDependedUpon);
    this.groupsDependedUpon = all(methods, ITestNGMethod::getGroupsDependedUpon);
    this.tearsDownSuite =
        declareAny(
            classes(suite.getXmlSuite().getTests().stream(), methods.stream()), AfterSuite.class);
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

  /** The same, of what is known in advance. */
  LeakLevel narrowest() {
    if (tagsRunSideBySide) {
      return LeakLevel.SUITE;
    }
    return parallel ? LeakLevel.TEST : LeakLevel.METHOD;
  }

  /** The tests that are to run for {@code tag}. */
  @SuppressWarnings("ReferenceEquality") // tags are equal if they say the same
  ImmutableList<ITestNGMethod> methodsOf(XmlTest tag) {
    return methods.stream().filter(m -> m.getXmlTest() == tag).collect(toImmutableList());
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
            context.getCurrentXmlTest(), () -> Arrays.stream(context.getAllTestMethods())));
  }

  /**
   * The widest teardown that could still stop what was started when the tests of a tag were made.
   */
  LeakLevel widestTeardown(XmlTest tag) {
    return LeakLevel.CLASS.orWider(widestTeardown(tag, () -> methodsOf(tag).stream()));
  }

  private LeakLevel widestTeardown(XmlTest tag, Supplier<Stream<ITestNGMethod>> tests) {
    if (tearsDownSuite) {
      return LeakLevel.SUITE;
    }
    return tearsDownTest.computeIfAbsent(tag, key -> tearsDownTest(key, tests))
        ? LeakLevel.TEST
        : LeakLevel.METHOD;
  }

  /** Whether an {@code @AfterMethod} of {@code testClass} runs only after a method's last run. */
  static boolean tearsDownLastTimeOnly(ITestClass testClass) {
    return Arrays.stream(testClass.getAfterTestMethods())
        .map(method -> method.getConstructorOrMethod().getMethod())
        .map(method -> method.getAnnotation(AfterMethod.class))
        .anyMatch(annotation -> annotation != null && annotation.lastTimeOnly());
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

  private static boolean tearsDownTest(XmlTest tag, Supplier<Stream<ITestNGMethod>> tests) {
    ImmutableSet<Class<?>> classes = classes(Stream.of(tag), tests.get());
    return declareAny(classes, AfterTest.class) || declareAny(classes, AfterGroups.class);
  }

  /** Those named in testng.xml, of which some have fixtures only, and those that factories made. */
  static ImmutableSet<Class<?>> classes(Stream<XmlTest> tags, Stream<ITestNGMethod> methods) {
    ImmutableSet.Builder<Class<?>> classes = ImmutableSet.builder();
    tags.flatMap(
            tag ->
                Stream.concat(
                    tag.getXmlClasses().stream(),
                    tag.getXmlPackages().stream().flatMap(p -> p.getXmlClasses().stream())))
        .forEach(named -> classes.add(named.getSupportClass()));
    methods.forEach(method -> classes.add(method.getRealClass()));
    return classes.build();
  }

  private static boolean declareAny(
      ImmutableSet<Class<?>> classes, Class<? extends Annotation> fixture) {
    return classes.stream()
        .flatMap(type -> TypeToken.of(type).getTypes().rawTypes().stream())
        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
        .anyMatch(method -> method.isAnnotationPresent(fixture));
  }

  private static ImmutableSet<String> all(
      List<ITestNGMethod> methods, Function<ITestNGMethod, String[]> property) {
    return methods.stream()
        .flatMap(method -> Arrays.stream(property.apply(method)))
        .collect(toImmutableSet());
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
