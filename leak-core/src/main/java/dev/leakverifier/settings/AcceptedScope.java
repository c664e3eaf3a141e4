package dev.leakverifier.settings;

import static java.util.stream.Collectors.joining;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * For which test classes an accepted leak is accepted: {@code in com.acme.ShopTest:} after its
 * fingerprint, or {@code in *}. Lines that were written before there was such a part only say which
 * test has left it.
 *
 * @param className the class's full name, or {@code *}; empty in earlier lines
 * @param leftBy the test that an earlier line names; empty if it names none
 */
record AcceptedScope(String className, String leftBy) {
  static final AcceptedScope ANYWHERE = new AcceptedScope("*", "");

  private static final Pattern IN = Pattern.compile("\\s+in\\s+(?:(\\*):?|([^\\s:]+):)(?:\\s.*|$)");
  private static final Pattern LEFT_BY = Pattern.compile(".*, left by (.+)");

  static AcceptedScope of(String className) {
    return new AcceptedScope(className, "");
  }

  /** What the line says after its fingerprint. */
  static AcceptedScope parse(String rest) {
    Matcher in = IN.matcher(rest);
    if (in.matches()) {
      return in.group(1) == null ? of(in.group(2)) : ANYWHERE;
    }
    Matcher left = LEFT_BY.matcher(rest);
    return left.matches() ? new AcceptedScope("", left.group(1)) : ANYWHERE;
  }

  boolean isAnywhere() {
    return equals(ANYWHERE);
  }

  /** Whether it holds for one of the test classes that may have left a thread. */
  boolean holdsFor(Set<String> classes) {
    return isAnywhere()
        || (className.isEmpty() && classes.isEmpty())
        || classes.stream().anyMatch(this::holdsFor);
  }

  private boolean holdsFor(String testClass) {
    return className.isEmpty()
        ? Pattern.compile(
                "(?<![\\w$.])" // whole, and no class in it
                    + Pattern.quote(simpleName(testClass))
                    + "(?![\\w$]|\\.\\p{Lu}[\\w$]*\\.)")
            .matcher(leftBy)
            .find()
        : className.equals(testClass);
  }

  static String simpleNames(Set<String> classes) {
    return classes.isEmpty()
        ? "a test without a class"
        : classes.stream().map(AcceptedScope::simpleName).sorted().collect(joining(" or "));
  }

  /** As reports name it: {@code ShopTest.Paying}. */
  private static String simpleName(String className) {
    return className.substring(className.lastIndexOf('.') + 1).replace('$', '.');
  }

  /** For whom it holds, as reports name them. */
  String text() {
    return className.isEmpty() ? leftBy : simpleName(className);
  }
}
