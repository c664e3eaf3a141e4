package dev.leakverifier.text;

import com.google.common.base.CharMatcher;
import java.util.ArrayList;
import java.util.List;

/** How the names that users chose read in a report. */
public final class Names {
  /** Stands for an empty name. */
  public static final String NO_NAME = "(no name)";

  private static final int MAX_QUOTED = 80;
  private static final int MAX_LENGTH = 1_000;
  private static final int MIN_FOLDED = 4;

  private static final CharMatcher PRINTABLE_ASCII = CharMatcher.inRange(' ', '~');

  private Names() {}

  /**
   * The text with letters of all scripts as they are. Escaped, as in a Java string literal, is what
   * cannot be seen, what turns text around, and what is no character.
   */
  public static String visible(String text) {
    if (PRINTABLE_ASCII.matchesAllOf(text)) {
      return text; // nearly all there is
    }
    StringBuilder visible = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (isVisible(c)) {
                visible.appendCodePoint(c);
              } else {
                visible.append(escaped(Character.toString(c)));
              }
            });
    return visible.toString();
  }

  /** Whether a reader sees the character, and not something else in its place. */
  public static boolean isVisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE, // one without its other half
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** Every character as a Java string literal and a properties file can spell it. */
  public static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.chars()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> escaped.append("\\u%04x".formatted(c));
              }
            });
    return escaped.toString();
  }

  /** A thread's name in quotes, {@linkplain #visible visible}, cut if it is very long. */
  public static String quoted(String name) {
    if (name.isEmpty()) {
      return NO_NAME;
    }
    String start = start(name, MAX_QUOTED);
    return '"' + visible(start).replace("\"", "\\\"") + '"' + rest(name, start);
  }

  /**
   * The names of some threads, {@linkplain #quoted in quotes}, the first {@code max} at most. Four
   * and more that count up read as one: {@code "connectionLostChecker-1 to -10"}.
   */
  public static String list(List<String> names, int max) {
    List<String> shown = new ArrayList<>();
    int next = 0;
    while (next < names.size() && shown.size() < max) {
      String first = names.get(next);
      int end = NumberedName.endOfRun(names, next);
      String folded = first + " to " + NumberedName.of(names.get(end - 1)).tail();
      boolean isFolded = end - next >= MIN_FOLDED && folded.length() <= MAX_QUOTED;
      shown.add(quoted(isFolded ? folded : first));
      next = isFolded ? end : next + 1;
    }
    String list = String.join(", ", shown);
    return list + andMore(names.size() - next);
  }

  /** As in {@code and 5 more}, at the end of a list; nothing if no one is left out. */
  public static String andMore(int leftOut) {
    return leftOut > 0 ? " and " + leftOut + " more" : "";
  }

  /** The class without its package, as in {@code CheckoutTest.Paying}. */
  public static String of(Class<?> type) {
    String name = type.getName().substring(type.getPackageName().length()).replace('$', '.');
    return name.startsWith(".") ? name.substring(1) : name;
  }

  /** The name as it is, for programs; cut where it is longer than any name that somebody meant. */
  public static String cut(String name) {
    String start = start(name, MAX_LENGTH);
    return start + rest(name, start);
  }

  /** The first {@code max} characters at most, and never half of one. */
  public static String start(String name, int max) {
    if (name.length() <= max) {
      return name;
    }
    boolean inPair = Character.isSurrogatePair(name.charAt(max - 1), name.charAt(max));
    return name.substring(0, inPair ? max - 1 : max);
  }

  private static String rest(String name, String start) {
    return start.length() == name.length() ? "" : "... (" + name.length() + " chars)";
  }
}
