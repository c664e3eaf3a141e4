package dev.leakverifier.jvm;

/**
 * Which classes of threads override one method of the JDK's: there it is code of the user's, which
 * may lie, throw, or enter a monitor that is never left.
 */
final class MethodOverride extends ClassValue<Boolean> {
  private final Class<?> owner;
  private final String method;

  /** The public method of that name, without parameters, that {@code owner} declares. */
  MethodOverride(Class<?> owner, String method) {
    this.owner = owner;
    this.method = method;
  }

  /** Whether the class of {@code thread} overrides the method, or that cannot be told. */
  boolean isIn(Thread thread) {
    return thread.getClass() != owner && get(thread.getClass());
  }

  @Override
  protected Boolean computeValue(Class<?> type) {
    try {
      return type.getMethod(method).getDeclaringClass() != owner;
    } catch (NoSuchMethodException | LinkageError e) {
      return true;
    }
  }
}
