package dev.leakverifier.report;

import com.google.common.collect.ImmutableMap;
import com.google.common.escape.ArrayBasedCharEscaper;
import com.google.common.escape.CharEscaper;

/** How the names that users chose read in a report. */
public final class Names {
  /** Stands for an empty name. */
  public static final String NO_NAME = "(no name)";

  private static final int MAX_LENGTH = 80;

  /** Escapes what would break a line, a terminal or an encoding, as a Java string literal does. */
  private static final CharEscaper ASCII =
      new ArrayBasedCharEscaper(ImmutableMap.of('\n', "\\n", '\r', "\\r", '\t', "\\t"), ' ', '~') {
        @Override
        protected char[] escapeUnsafe(char c) {
          return "\\u%04x".formatted((int) c).toCharArray();
        }
      };

  private Names() {}

  /** The text in printable ASCII. */
  public static String ascii(String text) {
    return ASCII.escape(text);
  }

  /** A thread's name in quotes, in printable ASCII, cut if it is very long. */
  public static String quoted(String name) {
    if (name.isEmpty()) {
      return NO_NAME;
    }
    return name.length() <= MAX_LENGTH
        ? literal(name)
        : literal(name.substring(0, MAX_LENGTH)) + "... (" + name.length() + " chars)";
  }

  private static String literal(String name) {
    return '"' + ascii(name).replace("\"", "\\\"") + '"';
  }
}
