package dev.leakverifier.junit4;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableSet;
import dev.leakverifier.LeakAnnotations;
import dev.leakverifier.LeakOption;
import dev.leakverifier.LeakWatch;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.runner.Description;

/**
 * One run of a test, a class or a suite, in which threads may appear.
 *
 * @param beside the tests that ran at the same time, and may have started them instead
 */
record Window(Description description, ImmutableSet<Description> beside)
    implements LeakWatch.Window {

  static Window of(Description description) {
    return new Window(description, ImmutableSet.of());
  }

  @Override
  public String describe() {
    return beside.isEmpty()
        ? name(description)
        : Stream.concat(Stream.of(description), beside.stream())
            .map(Window::name)
            .collect(joining(", ", "one of ", ", which ran side by side"));
  }

  @Override
  public Optional<List<LeakOption>> options() {
    Class<?> type = description.getTestClass();
    return type == null
        ? Optional.of(List.of())
        : LeakAnnotations.optionsFor(type, method(type, description.getMethodName()));
  }

  /** {@code CheckoutTest.pays[EUR]} for a test, {@code CheckoutTest} for a class. */
  private static String name(Description description) {
    Class<?> type = description.getTestClass();
    if (type == null) {
      return description.getDisplayName();
    }
    String name = type.getName().substring(type.getPackageName().length()).replace('$', '.');
    String className = name.startsWith(".") ? name.substring(1) : name;
    return description.getMethodName() == null
        ? className
        : className + "." + description.getMethodName();
  }

  /** The method behind a name such as {@code pays[EUR]}: runners put parameters after it. */
  private static @Nullable Method method(Class<?> type, @Nullable String testName) {
    if (testName == null) {
      return null;
    }
    String name = testName.split("[^\\p{javaJavaIdentifierPart}]", 2)[0];
    return Arrays.stream(type.getMethods())
        .filter(method -> method.getName().equals(name))
        .findFirst()
        .orElse(null);
  }
}
