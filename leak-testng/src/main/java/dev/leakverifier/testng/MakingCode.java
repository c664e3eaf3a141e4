package dev.leakverifier.testng;

import dev.leakverifier.text.Names;
import dev.leakverifier.thread.StackFrames;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Factory;

/**
 * What TestNG calls of a class to make tests.
 *
 * @param method a factory, or its data provider; null for a constructor or static initialiser
 */
record MakingCode(Kind kind, Class<?> type, @Nullable Method method) {
  enum Kind {
    CONSTRUCTOR("the constructor of "),
    STATIC_INITIALISER("the static initialiser of "),
    FACTORY("@Factory "),
    DATA_PROVIDER("@DataProvider ");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  /** What {@code frame} of {@code type} is; empty if it is some other method. */
  static Optional<MakingCode> of(StackTraceElement frame, Class<?> type) {
    if (StackFrames.isOf(frame, type.getName(), "<init>")) {
      return Optional.of(new MakingCode(Kind.CONSTRUCTOR, type, null));
    }
    if (StackFrames.isOf(frame, type.getName(), "<clinit>")) {
      return Optional.of(new MakingCode(Kind.STATIC_INITIALISER, type, null));
    }
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> StackFrames.isOf(frame, type.getName(), method.getName()))
        .flatMap(method -> kind(method).map(kind -> new MakingCode(kind, type, method)).stream())
        .findFirst();
  }

  private static Optional<Kind> kind(Method method) {
    if (method.isAnnotationPresent(Factory.class)) {
      return Optional.of(Kind.FACTORY);
    }
    return method.isAnnotationPresent(DataProvider.class)
        ? Optional.of(Kind.DATA_PROVIDER)
        : Optional.empty();
  }

  boolean isConstructor() {
    return kind == Kind.CONSTRUCTOR;
  }

  /** Whether it belongs to no other class than its own: a factory makes instances of others. */
  boolean isOfItsClassOnly() {
    return method == null;
  }

  /** {@code the constructor of CheckoutTest}, or {@code @Factory CheckoutTest.make}. */
  @Override
  public String toString() {
    return kind.text + Names.of(type) + (method == null ? "" : "." + method.getName());
  }
}
