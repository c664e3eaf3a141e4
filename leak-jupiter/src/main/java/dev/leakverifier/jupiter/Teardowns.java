package dev.leakverifier.jupiter;

import static org.junit.platform.commons.support.AnnotationSupport.findAnnotatedFields;
import static org.junit.platform.commons.support.AnnotationSupport.findAnnotatedMethods;
import static org.junit.platform.commons.support.AnnotationSupport.findRepeatableAnnotations;

import dev.leakverifier.LeakLevel;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** What can be known in advance: which teardowns may still stop what a test has started. */
final class Teardowns {
  private static final HierarchyTraversalMode TOP_DOWN = HierarchyTraversalMode.TOP_DOWN;
  private static final String AUTO_CLOSE = "org.junit.jupiter.api.AutoClose"; // from JUnit 5.11 on

  /** Whether extensions of others are registered for all tests. */
  private final boolean othersEverywhere;

  Teardowns(ExtensionContext context) {
    this.othersEverywhere =
        context
                .getConfigurationParameter("junit.jupiter.extensions.autodetection.enabled")
                .map(String::trim)
                .filter(Boolean::parseBoolean)
                .isPresent()
            && ServiceLoader.load(Extension.class).stream()
                .anyMatch(provider -> isOfOthers(provider.type()));
  }

  /**
   * The level of the widest teardown that {@code context}, a class or a method, has itself. An
   * extension can store for the whole run what it starts, and nobody can tell.
   */
  LeakLevel widest(ExtensionContext context) {
    Class<?> type = context.getRequiredTestClass();
    Optional<? extends Executable> method = context.getTestMethod();
    if (othersEverywhere
        || (method.isPresent() ? extendsByOthers(method.get()) : hasExtensionsOfOthers(type))) {
      return LeakLevel.SUITE;
    }
    return method.isEmpty() && hasOwn(type, context) ? LeakLevel.CLASS : LeakLevel.METHOD;
  }

  private static boolean hasOwn(Class<?> type, ExtensionContext context) {
    boolean keepsInstance =
        context.getTestInstanceLifecycle().equals(Optional.of(TestInstance.Lifecycle.PER_CLASS));
    return !findAnnotatedMethods(type, AfterAll.class, TOP_DOWN).isEmpty()
        || extensions(type).anyMatch(each -> each != LeakVerifierExtension.class)
        || !ReflectionSupport.findFields(
                type, field -> isAutoClose(field) && (keepsInstance || isStatic(field)), TOP_DOWN)
            .isEmpty();
  }

  private static boolean isAutoClose(Field field) {
    return Arrays.stream(field.getAnnotations())
        .anyMatch(each -> each.annotationType().getName().equals(AUTO_CLOSE));
  }

  private static boolean isStatic(Field field) {
    return Modifier.isStatic(field.getModifiers());
  }

  private static boolean hasExtensionsOfOthers(Class<?> type) {
    Stream<? extends Executable> code =
        Stream.concat(
            Arrays.stream(type.getDeclaredConstructors()),
            ReflectionSupport.findMethods(type, any -> true, TOP_DOWN).stream()
                .filter(method -> method.getParameterCount() > 0));
    return extendsByOthers(type)
        || findAnnotatedFields(type, RegisterExtension.class).stream()
            .anyMatch(field -> isOfOthers(field.getType()))
        || ReflectionSupport.findFields(type, Teardowns::extendsByOthers, TOP_DOWN).size() > 0
        || code.flatMap(each -> Arrays.stream(each.getParameters()))
            .anyMatch(Teardowns::extendsByOthers);
  }

  private static boolean extendsByOthers(AnnotatedElement place) {
    return extensions(place).anyMatch(Teardowns::isOfOthers);
  }

  private static Stream<Class<? extends Extension>> extensions(AnnotatedElement place) {
    return findRepeatableAnnotations(place, ExtendWith.class).stream()
        .flatMap(annotation -> Arrays.stream(annotation.value()));
  }

  private static boolean isOfOthers(Class<?> extension) {
    return extension != LeakVerifierExtension.class
        && !extension.getPackageName().startsWith("org.junit.jupiter.");
  }
}
