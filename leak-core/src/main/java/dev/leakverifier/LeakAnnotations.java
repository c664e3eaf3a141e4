package dev.leakverifier;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What {@link IgnoreLeaks} says about a test. For adapters to test frameworks.
 *
 * <pre>{@code
 * LeakAnnotations.optionsFor(CheckoutTest.class, method)
 *     .ifPresentOrElse(options -> watch.appearedIn(test, options), watch::disownNew);
 * }</pre>
 */
public final class LeakAnnotations {
  private LeakAnnotations() {}

  /**
   * The options for a test: those of its method and its class, of overridden methods and
   * superclasses.
   *
   * @param method the test or fixture; null for the class as a whole
   * @return empty if the test is not to be checked at all
   * @throws IllegalArgumentException if an annotation holds a bad value; the message names the
   *     place
   */
  public static Optional<List<LeakOption>> optionsFor(Class<?> testClass, @Nullable Method method) {
    ImmutableList.Builder<LeakOption> options = ImmutableList.builder();
    for (Class<?> type = testClass; type != null; type = type.getSuperclass()) {
      for (AnnotatedElement place : places(type, method)) {
        IgnoreLeaks annotation = place.getDeclaredAnnotation(IgnoreLeaks.class);
        if (annotation != null) {
          ImmutableList<LeakOption> here = options(annotation, place);
          if (here.isEmpty()) {
            return Optional.empty();
          }
          options.addAll(here);
        }
      }
    }
    return Optional.of(options.build());
  }

  private static ImmutableList<AnnotatedElement> places(Class<?> type, @Nullable Method method) {
    if (method == null) {
      return ImmutableList.of(type);
    }
    try {
      return ImmutableList.of(
          type, type.getDeclaredMethod(method.getName(), method.getParameterTypes()));
    } catch (NoSuchMethodException e) {
      return ImmutableList.of(type);
    }
  }

  private static ImmutableList<LeakOption> options(IgnoreLeaks annotation, AnnotatedElement place) {
    try {
      return ImmutableList.<LeakOption>builder()
          .addAll(each(annotation.topFunction(), LeakVerifier::ignoreTopFunction))
          .addAll(each(annotation.anyFunction(), LeakVerifier::ignoreAnyFunction))
          .addAll(each(annotation.createdBy(), LeakVerifier::ignoreCreatedBy))
          .addAll(each(annotation.name(), LeakVerifier::ignoreName))
          .build();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("@IgnoreLeaks on " + place + ": " + e.getMessage(), e);
    }
  }

  private static ImmutableList<LeakOption> each(
      String[] values, Function<String, LeakOption> option) {
    return Arrays.stream(values).map(option).collect(toImmutableList());
  }
}
