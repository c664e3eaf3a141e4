package dev.leakverifier.jupiter;

import static org.junit.platform.commons.support.AnnotationSupport.findAnnotatedMethods;
import static org.junit.platform.commons.support.AnnotationSupport.findRepeatableAnnotations;
import static org.junit.platform.commons.support.AnnotationSupport.isAnnotated;
import static org.junit.platform.commons.support.HierarchyTraversalMode.TOP_DOWN;
import static org.junit.platform.commons.support.ReflectionSupport.findFields;
import static org.junit.platform.commons.support.ReflectionSupport.findMethods;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestInstancePreDestroyCallback;
import org.junit.jupiter.api.extension.TestWatcher;

/** What may stop a thread later than at the end of the test that has started it. */
final class Teardowns {
  private static final String AUTO_CLOSE = "org.junit.jupiter.api.AutoClose"; // from JUnit 5.11 on

  /** An extension that is called then may stop what it has kept, perhaps in a later class. */
  private static final List<Class<?>> AFTER_TESTS =
      List.of(AfterAllCallback.class, TestInstancePreDestroyCallback.class, TestWatcher.class);

  /** Stands for an extension of which the class is not known. */
  private interface Unknown extends AfterAllCallback {}

  private Teardowns() {}

  /** Whether {@code around}, or what is around that, may stop what was started in {@code start}. */
  static boolean mayStop(ExtensionContext start, Optional<ExtensionContext> around) {
    return around.isPresent()
        && (hasOwn(around.get())
            || others(start)
                .anyMatch(other -> isCalledAfterTests(other) || Stored.mayBeClosed(around.get()))
            || mayStop(start, around.get().getParent()));
  }

  /** Whether the class has teardowns itself. */
  private static boolean hasOwn(ExtensionContext context) {
    Class<?> type = context.getTestClass().orElse(Object.class);
    boolean keepsInstance =
        context.getTestInstanceLifecycle().equals(Optional.of(TestInstance.Lifecycle.PER_CLASS));
    return !findAnnotatedMethods(type, AfterAll.class, TOP_DOWN).isEmpty()
        || findFields(type, Teardowns::isAutoClose, TOP_DOWN).stream()
            .anyMatch(field -> keepsInstance || Modifier.isStatic(field.getModifiers()));
  }

  private static boolean isAutoClose(Field field) {
    return Arrays.stream(field.getAnnotations())
        .anyMatch(each -> each.annotationType().getName().equals(AUTO_CLOSE));
  }

  private static boolean isCalledAfterTests(Class<?> extension) {
    return AFTER_TESTS.stream().anyMatch(callback -> callback.isAssignableFrom(extension));
  }

  /** The extensions of others that are registered for {@code start}. */
  private static Stream<Class<?>> others(ExtensionContext start) {
    Stream<Class<?>> here = start.getTestClass().stream().flatMap(Teardowns::registered);
    return start
        .getParent()
        .map(outer -> Stream.concat(here, others(outer)))
        .orElseGet(() -> registeredForAll(start))
        .filter(Teardowns::isOfOthers);
  }

  private static Stream<Class<?>> registeredForAll(ExtensionContext root) {
    return root
        .getConfigurationParameter("junit.jupiter.extensions.autodetection.enabled")
        .filter(value -> Boolean.parseBoolean(value.trim()))
        .stream()
        .flatMap(enabled -> ServiceLoader.load(Extension.class).stream())
        .map(ServiceLoader.Provider::type);
  }

  private static Stream<Class<?>> registered(Class<?> type) {
    List<Executable> code = new ArrayList<>(List.of(type.getDeclaredConstructors()));
    code.addAll(findMethods(type, any -> true, TOP_DOWN));
    return Stream.<Stream<? extends AnnotatedElement>>of(
            Stream.of(type),
            findFields(type, any -> true, TOP_DOWN).stream(),
            code.stream(),
            code.stream().flatMap(each -> Arrays.stream(each.getParameters())))
        .flatMap(parts -> parts)
        .flatMap(Teardowns::registeredAt);
  }

  private static Stream<Class<?>> registeredAt(AnnotatedElement part) {
    if (part instanceof Field field && isAnnotated(field, RegisterExtension.class)) {
      boolean isKnown = Modifier.isFinal(field.getType().getModifiers()); // else a subclass may be
      return Stream.of(isKnown ? field.getType() : Unknown.class);
    }
    return findRepeatableAnnotations(part, ExtendWith.class).stream()
        .flatMap(annotation -> Arrays.stream(annotation.value()));
  }

  /** Whether it is neither JUnit's nor ours. */
  static boolean isOfOthers(Class<?> type) {
    return type != LeakVerifierExtension.class
        && type != Place.class
        && !type.getPackageName().startsWith("org.junit.jupiter.");
  }
}
