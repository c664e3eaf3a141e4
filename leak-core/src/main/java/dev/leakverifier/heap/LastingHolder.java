package dev.leakverifier.heap;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holders that live as long as the JVM, and by design close or lose what they hold at its end: a
 * thread whose owner they hold is no leak.
 *
 * <p>Each is told by the static field in which it stands. A field of the user's own is none: nobody
 * closes what is in it. Nor is a field of the JDK's in which users put what is theirs, such as the
 * list of shutdown hooks.
 */
public enum LastingHolder {
  /** The same field in Spring 4.2 to 7.0. What {@code @DirtiesContext} closes is taken out. */
  SPRING_TEST_CONTEXT(
      "a cached Spring test context",
      "closed when the JVM exits",
      "org.springframework.test.context.cache.DefaultCacheAwareContextLoaderDelegate",
      "defaultContextCache"),
  PREFERENCES(
      "the JDK's preferences",
      "the JVM has one timer for them, and writes them once more when it exits",
      "java.util.prefs.FileSystemPreferences",
      "syncTimer"),
  FILE_CHANNELS(
      "the JDK's asynchronous file channels",
      "those without an executor of their own share one, which nobody can stop",
      "sun.nio.ch.SimpleAsynchronousFileChannelImpl$DefaultExecutorHolder",
      "defaultExecutor");

  private static final List<LastingHolder> ALL = List.of(values());

  private final String what;
  private final String reason;
  private final String className;
  private final String field;

  LastingHolder(String what, String reason, String className, String field) {
    this.what = what;
    this.reason = reason;
    this.className = className;
    this.field = field;
  }

  /** The one in a static field of that class; it may have others. */
  static Optional<LastingHolder> in(String className) {
    return ALL.stream().filter(known -> known.className.equals(className)).findFirst();
  }

  /** Whether it is in the static field called so. */
  boolean isIn(@Nullable String name) {
    return field.equals(name);
  }

  /** Whether this JVM has a library in which there is one. */
  public static boolean mayBeOfLibrary() {
    ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
    return Stream.of(LastingHolder.class.getClassLoader(), ofThread)
        .filter(Objects::nonNull)
        .anyMatch(loader -> ALL.stream().anyMatch(known -> known.isSeenBy(loader)));
  }

  /** Whether it is no part of the JDK. */
  public boolean isOfLibrary() {
    return !HeapLayouts.isJdk(className);
  }

  private boolean isSeenBy(ClassLoader loader) {
    return isOfLibrary() && loader.getResource(className.replace('.', '/') + ".class") != null;
  }

  /** What it is, as a report names it: {@code a cached Spring test context}. */
  public String what() {
    return what;
  }

  /** Why a thread that it holds is no leak. */
  public String reason() {
    return reason;
  }

  /** Both: {@code a cached Spring test context (closed when the JVM exits)}. */
  @Override
  public String toString() {
    return what + " (" + reason + ")";
  }
}
