package dev.leakverifier.testng;

import static java.util.Comparator.naturalOrder;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;

import dev.leakverifier.LeakLevel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testng.ISuite;
import org.testng.ITestClass;
import org.testng.ITestNGMethod;
import org.testng.ITestResult;
import org.testng.annotations.Factory;
import org.testng.xml.XmlTest;

/**
 * Whose code runs when TestNG makes the tests of a suite, which it does before it tells that the
 * suite starts: only stacks tell it from the code of other listeners.
 */
final class TestMaking {
  private final ISuite suite;
  private final Lifecycle lifecycle;
  private final SuiteSettings settings;

  private @Nullable Classes classes;

  TestMaking(ISuite suite, Lifecycle lifecycle, SuiteSettings settings) {
    this.suite = suite;
    this.lifecycle = lifecycle;
    this.settings = settings;
  }

  /**
   * The classes that were made.
   *
   * @param byCode for each class with code that may have run then, whom that concerns: a base class
   *     all that extend it
   */
  private record Classes(
      List<MadeClass> made,
      Map<Class<?>, Set<MadeClass>> byCode,
      Map<String, List<Class<?>>> byName) {}

  /** Notes that a test or fixture has run, which may answer for its class. */
  void ran(ITestResult result) {
    XmlTest tag = result.getTestContext().getCurrentXmlTest();
    Class<?> type = result.getTestClass().getRealClass();
    classes().made().stream()
        .filter(made -> made.isFor(tag) && made.type() == type)
        .forEach(made -> made.ran(result));
  }

  /** Whose code is on the stack, topmost frame first: the nearest to the top. */
  Optional<Window> windowOf(List<StackTraceElement> stack) {
    List<MakingCode> codes =
        withoutSuperConstructors(stack.stream().flatMap(this::codesOf).toList());
    if (codes.isEmpty()) {
      return Optional.empty();
    }
    Set<MadeClass> owners =
        codes.stream()
            .flatMap(code -> owners(code).stream())
            .collect(toCollection(LinkedHashSet::new));
    LeakLevel level = owners.stream().map(this::level).max(naturalOrder()).orElse(LeakLevel.SUITE);
    boolean oneTag = owners.stream().allMatch(owner -> owner.isFor(first(owners).tag()));
    if (!oneTag) {
      level = LeakLevel.SUITE;
    } else if (owners.size() > 1 || !codes.stream().allMatch(MakingCode::isOfItsClassOnly)) {
      level = level.orWider(LeakLevel.TEST);
    }
    return Optional.of(
        new MakingWindow(
            codes.get(0),
            owners,
            level,
            oneTag ? settings.of(first(owners).tag()) : settings.ofSuite()));
  }

  private static MadeClass first(Set<MadeClass> owners) {
    return owners.iterator().next();
  }

  private Stream<MakingCode> codesOf(StackTraceElement frame) {
    return classes().byName().getOrDefault(frame.getClassName(), List.of()).stream()
        .flatMap(type -> MakingCode.of(frame, type).stream());
  }

  /** The instance is of the class whose constructor has called those of its base classes. */
  private static List<MakingCode> withoutSuperConstructors(List<MakingCode> codes) {
    List<MakingCode> own = new ArrayList<>();
    for (MakingCode code : codes) {
      if (!own.isEmpty() && isSuperConstructor(own.get(own.size() - 1), code)) {
        own.remove(own.size() - 1);
      }
      own.add(code);
    }
    return own;
  }

  private static boolean isSuperConstructor(MakingCode callee, MakingCode caller) {
    return callee.isConstructor()
        && caller.isConstructor()
        && callee.type().isAssignableFrom(caller.type());
  }

  /** Whose teardowns may stop what {@code code} has started. */
  private Collection<MadeClass> owners(MakingCode code) {
    Collection<MadeClass> all = classes().byCode().getOrDefault(code.type(), Set.of());
    List<MadeClass> exact = all.stream().filter(made -> made.type() == code.type()).toList();
    return code.isConstructor() && !exact.isEmpty() ? exact : all;
  }

  private LeakLevel level(MadeClass made) {
    LeakLevel level =
        settings.of(made.tag()).levels().stream()
            .min(naturalOrder())
            .orElseGet(() -> lifecycle.widestTeardown(made.tag()))
            .orWider(LeakLevel.CLASS)
            .orWider(lifecycle.narrowest());
    return made.testClass().filter(type -> !Lifecycle.hasSeveralInstances(type)).isPresent()
        ? level
        : level.orWider(LeakLevel.TEST);
  }

  /** Mostly nothing has started a thread by then, and nobody asks. */
  private synchronized Classes classes() {
    if (classes == null) {
      classes = findClasses();
    }
    return classes;
  }

  private Classes findClasses() {
    List<MadeClass> made = new ArrayList<>();
    for (XmlTest tag : suite.getXmlSuite().getTests()) {
      Map<Class<?>, ITestClass> withTests = new HashMap<>();
      List<ITestNGMethod> methods = lifecycle.methodsOf(tag);
      methods.forEach(m -> withTests.putIfAbsent(m.getRealClass(), m.getTestClass()));
      for (Class<?> type : Lifecycle.classes(List.of(tag), methods)) {
        made.add(new MadeClass(tag, type, withTests.get(type)));
      }
    }
    Map<Class<?>, Set<MadeClass>> byCode = new LinkedHashMap<>();
    for (MadeClass each : made) {
      for (Class<?> type : Lifecycle.withSupertypes(Set.of(each.type()))) {
        if (type != Object.class) {
          Stream.concat(Stream.of(type), dataProviders(type))
              .forEach(code -> byCode.computeIfAbsent(code, c -> new LinkedHashSet<>()).add(each));
        }
      }
    }
    return new Classes(made, byCode, byCode.keySet().stream().collect(groupingBy(Class::getName)));
  }

  /** Where else the data providers of the class's factories may be declared. */
  private static Stream<Class<?>> dataProviders(Class<?> type) {
    return Stream.concat(
            Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredMethods()))
        .flatMap(member -> Stream.ofNullable(member.getAnnotation(Factory.class)))
        .map(Factory::dataProviderClass)
        .filter(provider -> provider != Object.class)
        .map(provider -> (Class<?>) provider);
  }
}
