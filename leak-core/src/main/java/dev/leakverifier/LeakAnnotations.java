package dev.leakverifier;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What {@link IgnoreLeaks} says about a test. */
final class LeakAnnotations {
  private LeakAnnotations() {}

  /** The options for a test, see {@link LeakConfiguration#optionsFor}. */
  static Optional<List<LeakOption>> optionsFor(Class<?> testClass, @Nullable Method method) {
    List<LeakOption> options = new ArrayList<>();
    for (Class<?> type = testClass; type != null; type = type.getSuperclass()) {
      for (AnnotatedElement place : places(type, method)) {
        IgnoreLeaks annotation = place.getDeclaredAnnotation(IgnoreLeaks.class);
        if (annotation != null) {
          List<LeakOption> here = options(annotation, place);
          if (here.isEmpty()) {
            return Optional.empty();
          }
          options.addAll(here);
        }
      }
    }
    return Optional.of(List.copyOf(options));
  }

  private static List<AnnotatedElement> places(Class<?> type, @Nullable Method method) {
    if (method == null) {
      return List.of(type);
    }
    try {
      return List.of(type, type.getDeclaredMethod(method.getName(), method.getParameterTypes()));
    } catch (NoSuchMethodException e) {
      return List.of(type);
    }
  }

  private static List<LeakOption> options(IgnoreLeaks annotation, AnnotatedElement place) {
    try {
      return Stream.of(
              each(annotation.topFunction(), LeakVerifier::ignoreTopFunction),
              each(annotation.anyFunction(), LeakVerifier::ignoreAnyFunction),
              each(annotation.createdBy(), LeakVerifier::ignoreCreatedBy),
              each(annotation.name(), LeakVerifier::ignoreName))
          .flatMap(options -> options)
          .toList();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("@IgnoreLeaks on " + place + ": " + e.getMessage(), e);
    }
  }

  private static Stream<LeakOption> each(String[] values, Function<String, LeakOption> option) {
    return Arrays.stream(values).map(option);
  }
}
