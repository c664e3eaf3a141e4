package dev.leakverifier.opened;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Optional;

/** The methods that close something: public ones that need no argument. */
final class Closing {
  /** In this order, of a class that has several. */
  private static final List<String> NAMES =
      List.of(
          "shutdownGracefully",
          "close",
          "shutdown",
          "stop",
          "dispose",
          "destroy",
          "terminate",
          "shutdownNow",
          "stopAsync",
          "halt");

  private Closing() {}

  /** The one of an object of {@code type}: {@code close()}. */
  static Optional<String> of(Class<?> type) {
    return find(type, /* isStatic= */ false);
  }

  /** The one of the class itself. */
  static Optional<String> ofClass(Class<?> type) {
    return find(type, /* isStatic= */ true);
  }

  private static Optional<String> find(Class<?> type, boolean isStatic) {
    return NAMES.stream()
        .filter(name -> isThere(type, name, isStatic))
        .findFirst()
        .map(name -> name + "()");
  }

  private static boolean isThere(Class<?> type, String name, boolean isStatic) {
    try {
      Method method = type.getMethod(name);
      return Modifier.isStatic(method.getModifiers()) == isStatic
          && !method.isAnnotationPresent(Deprecated.class);
    } catch (NoSuchMethodException e) {
      return false;
    }
  }
}
