package dev.leakverifier.check;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkNotNull;
import static java.util.stream.Collectors.joining;

import dev.leakverifier.text.Names;
import dev.leakverifier.thread.ThreadSample;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A reason to ignore a thread, as the user gave it.
 *
 * @param call how the user wrote it, for messages
 * @param needsOrigins whether it can only work where it is recorded who starts threads
 */
public record ThreadFilter(
    String call, Predicate<? super ThreadSample> predicate, boolean needsOrigins) {
  private ThreadFilter(String call, Predicate<? super ThreadSample> predicate) {
    this(call, predicate, false);
  }

  public static ThreadFilter topFunction(String function) {
    FunctionName.check(function);
    return new ThreadFilter(
        call("ignoreTopFunction", function), thread -> thread.standsIn(function));
  }

  public static ThreadFilter anyFunction(String function) {
    FunctionName.check(function);
    return new ThreadFilter(
        call("ignoreAnyFunction", function), thread -> thread.hasFunction(function));
  }

  public static ThreadFilter createdBy(String function) {
    FunctionName.check(function);
    return new ThreadFilter(
        call("ignoreCreatedBy", function),
        thread -> thread.isCreatedBy(function),
        /* needsOrigins= */ true);
  }

  public static ThreadFilter name(String glob) {
    checkNotNull(glob, "glob");
    checkArgument(
        !glob.isBlank(), "glob (\"%s\") must not be blank; * stands for any characters", glob);
    Pattern pattern = globPattern(glob);
    return new ThreadFilter(
        call("ignoreName", glob), thread -> pattern.matcher(thread.name()).matches());
  }

  public static ThreadFilter of(Predicate<? super ThreadSample> predicate) {
    checkNotNull(predicate, "predicate");
    return new ThreadFilter("ignoreFunc(" + predicate + ")", predicate);
  }

  boolean matches(ThreadSample thread) {
    try {
      return predicate.test(thread);
    } catch (RuntimeException | Error e) {
      throw new IllegalStateException(
          "the predicate of %s threw %s for thread %s"
              .formatted(call, e.getClass().getName(), Names.quoted(thread.name())),
          e);
    }
  }

  private static String call(String method, String argument) {
    return "%s(\"%s\")".formatted(method, argument);
  }

  private static Pattern globPattern(String glob) {
    String regex =
        glob.codePoints()
            .mapToObj(
                c ->
                    switch (c) {
                      case '*' -> ".*";
                      case '?' -> ".";
                      default -> Pattern.quote(Character.toString(c));
                    })
            .collect(joining());
    return Pattern.compile(regex, Pattern.DOTALL);
  }
}
