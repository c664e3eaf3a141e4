package dev.leakverifier.opened;

import dev.leakverifier.opened.Opening.By;
import dev.leakverifier.text.Names;
import dev.leakverifier.thread.StackFrames;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A call of somebody else's code that led to threads. Its class is looked at, and not initialised.
 *
 * @param line where the project's code called it
 * @param type the class that declares what was called
 * @param method the name of what was called
 */
record LibraryCall(StackTraceElement line, Class<?> type, String method) {
  /** How methods begin that open what they are called on. */
  private static final List<String> STARTS = List.of("start", "open", "init");

  /** How methods begin that make what they return. */
  private static final List<String> MAKES =
      List.of("build", "create", "make", "new", "open", "start", "connect");

  /** The call of {@code frame}; empty if its class is not to be found. */
  static Optional<LibraryCall> of(StackTraceElement line, StackTraceElement frame) {
    return NamedTypes.find(frame.getClassName())
        .map(type -> new LibraryCall(line, type, frame.getMethodName()));
  }

  /** What it has opened, or used. */
  Opening opening() {
    return constructed()
        .or(this::returned)
        .or(this::openedInClass)
        .or(this::used)
        .orElseGet(() -> opening(named(), Optional.empty(), By.USING));
  }

  private Optional<Opening> constructed() {
    return method.equals("<init>")
        ? Closing.of(type)
            .map(close -> opening(type, Optional.of(onThe(type, close, "made")), By.MAKING))
        : Optional.empty();
  }

  /** What it has returned, if it is static, or if the class is there to make such things. */
  Optional<Opening> returned() {
    boolean makes =
        isStatic() || (Closing.of(type).isEmpty() && MAKES.stream().anyMatch(method::startsWith));
    List<Class<?>> types =
        overloads().stream()
            .filter(each -> !each.isBridge())
            .<Class<?>>map(Method::getReturnType)
            .distinct()
            .filter(each -> Closing.of(each).isPresent())
            .toList();
    if (!makes || types.size() != 1) {
      return Optional.empty();
    }
    Class<?> returned = types.get(0);
    return Closing.of(returned)
        .map("call %%s on what %s.%s() returned".formatted(simple(type), method)::formatted)
        .map(fix -> opening(returned, Optional.of(fix), By.MAKING));
  }

  /** What a class keeps that a static function of it has opened. */
  private Optional<Opening> openedInClass() {
    return isStatic()
        ? Closing.ofClass(type)
            .map(
                close ->
                    opening(
                        type, Optional.of("call %s.%s".formatted(simple(type), close)), By.MAKING))
        : Optional.empty();
  }

  /** What it was called on, which may have been made elsewhere. */
  private Optional<Opening> used() {
    Class<?> named = named();
    boolean starts = STARTS.stream().anyMatch(method::startsWith);
    for (Class<?> each = named; each != null; each = each.getEnclosingClass()) {
      Class<?> candidate = each;
      Optional<String> close = Closing.of(candidate);
      if (close.isPresent()) {
        By by = starts && candidate == named ? By.STARTING : By.USING;
        return close.map(
            call ->
                opening(
                    candidate,
                    Optional.of(onThe(candidate, call, by == By.STARTING ? "started" : "used")),
                    by));
      }
    }
    return Optional.empty();
  }

  /** The class as the project's code names it. */
  private Class<?> named() {
    return NamedTypes.of(line, type, method);
  }

  private Opening opening(Class<?> what, Optional<String> fix, By by) {
    return new Opening(line, what.getName(), library(), fix, by);
  }

  private String library() {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    return source == null ? "" : String.valueOf(source.getLocation());
  }

  private boolean isStatic() {
    List<Method> overloads = overloads();
    return !overloads.isEmpty()
        && overloads.stream().allMatch(each -> Modifier.isStatic(each.getModifiers()));
  }

  private List<Method> overloads() {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(each -> each.getName().equals(method))
        .toList();
  }

  private String onThe(Class<?> what, String close, String done) {
    String place = StackFrames.text(line);
    return "call %s on the %s that was %s at %s"
        .formatted(
            close,
            simple(what),
            done,
            Names.visible(place.substring(place.lastIndexOf('(') + 1, place.length() - 1)));
  }

  private static String simple(Class<?> type) {
    String name = type.getName();
    return Names.visible(name.substring(name.lastIndexOf('.') + 1).replace('$', '.'));
  }
}
