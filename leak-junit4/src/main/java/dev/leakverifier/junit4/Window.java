package dev.leakverifier.junit4;

import dev.leakverifier.LeakConfiguration;
import dev.leakverifier.LeakOption;
import dev.leakverifier.LeakWatch;
import dev.leakverifier.text.Names;
import dev.leakverifier.thread.StackFrames;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.runner.Description;

/**
 * One run of a test, a class or a suite, in which threads may appear.
 *
 * <p>No record, for start-up: see docs/performance.md.
 */
final class Window implements LeakWatch.Window {
  private final Description description;

  Window(Description description) {
    this.description = description;
  }

  Description description() {
    return description;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Window window && description.equals(window.description);
  }

  @Override
  public int hashCode() {
    return description.hashCode();
  }

  @Override
  public String describe() {
    return name(description);
  }

  @Override
  public Optional<String> className() {
    return Optional.ofNullable(description.getTestClass()).map(Class::getName);
  }

  /** A class or suite is the code of all its tests. */
  @Override
  public boolean isCodeOf(StackTraceElement frame) {
    return isCodeOf(frame, description);
  }

  private static boolean isCodeOf(StackTraceElement frame, Description description) {
    Class<?> type = description.getTestClass();
    String method = description.getMethodName();
    if (type != null && method != null) {
      return StackFrames.isOf(frame, type.getName(), methodName(method));
    }
    return (type != null && frame.getClassName().equals(type.getName()))
        || description.getChildren().stream().anyMatch(child -> isCodeOf(frame, child));
  }

  /** This window, if {@code stack} shows that the test's instance is being made. */
  Optional<Window> ifItsConstructorIsOn(List<StackTraceElement> stack) {
    return description.isTest() && stack.stream().anyMatch(this::isConstructor)
        ? Optional.of(this)
        : Optional.empty();
  }

  private boolean isConstructor(StackTraceElement frame) {
    Class<?> type = description.getTestClass();
    while (type != null && !type.getName().equals(frame.getClassName())) {
      type = type.getSuperclass();
    }
    return type != null && StackFrames.isOf(frame, type.getName(), "<init>");
  }

  @Override
  public Optional<List<LeakOption>> options() {
    Class<?> type = description.getTestClass();
    return type == null
        ? Optional.of(List.of())
        : LeakConfiguration.load("", Map.of())
            .optionsFor(type, method(type, description.getMethodName()));
  }

  /** {@code CheckoutTest.pays[EUR]} for a test, {@code CheckoutTest} for a class. */
  private static String name(Description description) {
    Class<?> type = description.getTestClass();
    if (type == null) {
      return description.getDisplayName();
    }
    String className = Names.of(type);
    return description.getMethodName() == null
        ? className
        : className + "." + description.getMethodName();
  }

  /** The method behind a name such as {@code pays[EUR]}: runners put parameters after it. */
  private static @Nullable Method method(Class<?> type, @Nullable String testName) {
    if (testName == null) {
      return null;
    }
    String name = methodName(testName);
    return Arrays.stream(type.getMethods())
        .filter(method -> method.getName().equals(name))
        .findFirst()
        .orElse(null);
  }

  private static String methodName(String testName) {
    return testName.split("[^\\p{javaJavaIdentifierPart}]", 2)[0];
  }
}
