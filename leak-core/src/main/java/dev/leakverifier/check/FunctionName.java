package dev.leakverifier.check;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkNotNull;

import java.util.regex.Pattern;

/** What options take for a function: {@code Class.getName() + "." + method}. */
final class FunctionName {
  /**
   * A slash stands only in the name of a hidden class, before its number, and a parenthesis only in
   * a method whose name is a sentence.
   */
  private static final Pattern FORM =
      Pattern.compile(
          "(?!at\\s)[^\\s.#:/(][^#:/(]*(?:/(?:0x\\p{XDigit}+|\\d+))?"
              + "\\.(?:[^.#:/(]|(?<=\\s)\\()*[^\\s.#:/()]");

  private FunctionName() {}

  /**
   * Refuses what is none.
   *
   * @throws IllegalArgumentException that says what would be right
   */
  static void check(String function) {
    checkNotNull(function, "function");
    checkArgument(
        isFunction(function),
        "function (\"%s\") must be Class.getName() + \".\" + method, e.g. %s",
        function,
        meantBy(function));
  }

  private static boolean isFunction(String text) {
    return FORM.matcher(text).matches();
  }

  /** The function behind a line of a stack trace, a reference of Javadoc's or Java's, or a path. */
  private static String meantBy(String text) {
    String function =
        text.strip()
            .replaceFirst("^at\\s+", "")
            .replaceFirst(":?\\(.*$", "") // parameters, or file and line
            .replaceFirst("^.*/(?=[^/]+\\.[^/]+\\.[^/]+$)", "") // class loader and module
            .replaceAll("[/#]|::", ".");
    return isFunction(function) ? function : "com.acme.Worker.run";
  }
}
