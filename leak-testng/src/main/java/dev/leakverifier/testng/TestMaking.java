package dev.leakverifier.testng;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.util.Comparator.naturalOrder;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSetMultimap;
import com.google.common.collect.Multimaps;
import com.google.common.reflect.TypeToken;
import dev.leakverifier.LeakLevel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
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

  /** Mostly nothing has started a thread by then, and nobody asks. */
  private final Supplier<Classes> classes = Suppliers.memoize(this::findClasses);

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
      ImmutableList<MadeClass> made,
      ImmutableSetMultimap<Class<?>, MadeClass> byCode,
      ImmutableSetMultimap<String, Class<?>> byName) {}

  /** Notes that a test or fixture has run, which may answer for its class. */
  void ran(ITestResult result) {
    XmlTest tag = result.getTestContext().getCurrentXmlTest();
    Class<?> type = result.getTestClass().getRealClass();
    classes.get().made().stream()
        .filter(made -> made.isFor(tag) && made.type() == type)
        .forEach(made -> made.ran(result));
  }

  /** Whose code is on the stack, topmost frame first: the nearest to the top. */
  Optional<Window> windowOf(List<StackTraceElement> stack) {
    ImmutableList<MakingCode> codes =
        withoutSuperConstructors(stack.stream().flatMap(this::codesOf).toList());
    if (codes.isEmpty()) {
      return Optional.empty();
    }
    ImmutableSet<MadeClass> owners =
        codes.stream().flatMap(code -> owners(code).stream()).collect(toImmutableSet());
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

  private static MadeClass first(ImmutableSet<MadeClass> owners) {
    return owners.asList().get(0);
  }

  private Stream<MakingCode> codesOf(StackTraceElement frame) {
    return classes.get().byName().get(frame.getClassName()).stream()
        .flatMap(type -> MakingCode.of(frame, type).stream());
  }

  /** The instance is of the class whose constructor has called those of its base classes. */
  private static ImmutableList<MakingCode> withoutSuperConstructors(List<MakingCode> codes) {
    List<MakingCode> own = new ArrayList<>();
    for (MakingCode code : codes) {
      if (!own.isEmpty() && isSuperConstructor(own.get(own.size() - 1), code)) {
        own.remove(own.size() - 1);
      }
      own.add(code);
    }
    return ImmutableList.copyOf(own);
  }

  private static boolean isSuperConstructor(MakingCode callee, MakingCode caller) {
    return callee.isConstructor()
        && caller.isConstructor()
        && callee.type().isAssignableFrom(caller.type());
  }

  /** Whose teardowns may stop what {@code code} has started. */
  private ImmutableSet<MadeClass> owners(MakingCode code) {
    ImmutableSet<MadeClass> all = classes.get().byCode().get(code.type());
    ImmutableSet<MadeClass> exact =
        all.stream().filter(made -> made.type() == code.type()).collect(toImmutableSet());
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

  private Classes findClasses() {
    ImmutableList.Builder<MadeClass> made = ImmutableList.builder();
    for (XmlTest tag : suite.getXmlSuite().getTests()) {
      Map<Class<?>, ITestClass> withTests = new HashMap<>();
      List<ITestNGMethod> methods = lifecycle.methodsOf(tag);
      methods.forEach(m -> withTests.putIfAbsent(m.getRealClass(), m.getTestClass()));
      for (Class<?> type : Lifecycle.classes(List.of(tag), methods)) {
        made.add(new MadeClass(tag, type, withTests.get(type)));
      }
    }
    ImmutableSetMultimap.Builder<Class<?>, MadeClass> byCode = ImmutableSetMultimap.builder();
    for (MadeClass each : made.build()) {
      for (Class<?> type : TypeToken.of(each.type()).getTypes().rawTypes()) {
        if (type != Object.class) {
          byCode.put(type, each);
          dataProviders(type).forEach(provider -> byCode.put(provider, each));
        }
      }
    }
    ImmutableSetMultimap<Class<?>, MadeClass> all = byCode.build();
    return new Classes(
        made.build(),
        all,
        ImmutableSetMultimap.copyOf(Multimaps.index(all.keySet(), Class::getName)));
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
