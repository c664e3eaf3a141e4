package dev.leakverifier.jupiter;

import static org.junit.platform.commons.support.HierarchyTraversalMode.TOP_DOWN;
import static org.junit.platform.commons.support.ReflectionSupport.findFields;
import static org.junit.platform.commons.support.ReflectionSupport.findMethod;
import static org.junit.platform.commons.support.ReflectionSupport.invokeMethod;
import static org.junit.platform.commons.support.ReflectionSupport.tryToReadFieldValue;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;

/**
 * What others have stored for JUnit to close. Nothing public lists that, so it is read from JUnit's
 * fields, which have had the same names from 5.8 to 6.1.
 */
@SuppressWarnings("deprecation") // before JUnit 5.13, what is only AutoCloseable is not closed
final class Stored {
  private Stored() {}

  /** Whether there is such a thing for {@code context}; true if that cannot be told. */
  static boolean mayBeClosed(ExtensionContext context) {
    try {
      Object store = read(context.getStore(ExtensionContext.Namespace.GLOBAL), "valuesStore");
      return ((Map<?, ?>) read(store, "storedValues"))
          .values().stream().map(Stored::valueOf).anyMatch(Stored::isToBeClosed);
    } catch (RuntimeException e) { // another JUnit, a module that is not open, not made yet
      return true;
    }
  }

  private static boolean isToBeClosed(@Nullable Object value) {
    return (value instanceof AutoCloseable || value instanceof CloseableResource)
        && Teardowns.isOfOthers(value.getClass());
  }

  private static @Nullable Object valueOf(Object stored) {
    if (findMethod(stored.getClass(), "isDone").isPresent()) { // JUnit 6
      return Boolean.TRUE.equals(call(stored, "isDone"))
          ? call(stored, "evaluate")
          : stillBeingMade();
    }
    Supplier<?> value = (Supplier<?>) read(stored, "supplier");
    boolean isMade = // a lambda has it
        value.getClass().isSynthetic() || read(value, "value") != read(value, "NO_VALUE_SET");
    return isMade ? value.get() : stillBeingMade();
  }

  /** That may take long, so it is not waited for. */
  private static Object stillBeingMade() {
    throw new IllegalStateException("still being made");
  }

  private static @Nullable Object call(Object on, String name) {
    return invokeMethod(findMethod(on.getClass(), name).orElseThrow(), on);
  }

  private static Object read(Object of, String name) {
    Field field = findFields(of.getClass(), each -> each.getName().equals(name), TOP_DOWN).get(0);
    return tryToReadFieldValue(field, of).getOrThrow(IllegalStateException::new);
  }
}
