package dev.leakverifier.text;

import java.util.List;

/**
 * A name that ends with a number, as pools count their threads.
 *
 * @param stem all before the number; the whole name if there is none
 * @param number -1 if there is none, or one that no pool would count up to
 */
record NumberedName(String stem, int number) {
  /** More digits than a pool counts, and fewer than overflow. */
  private static final int MAX_DIGITS = 9;

  static NumberedName of(String name) {
    int start = name.length();
    while (start > 0 && isDigit(name.charAt(start - 1))) {
      start--;
    }
    int digits = name.length() - start;
    boolean isPadded = digits > 1 && name.charAt(start) == '0';
    return digits == 0 || digits > MAX_DIGITS || isPadded
        ? new NumberedName(name, -1)
        : new NumberedName(name.substring(0, start), Integer.parseInt(name.substring(start)));
  }

  /** Where the names that count up from {@code from} on end. */
  static int endOfRun(List<String> names, int from) {
    NumberedName last = of(names.get(from));
    int end = from + 1;
    while (end < names.size()) {
      NumberedName next = of(names.get(end));
      if (!last.isFollowedBy(next)) {
        break;
      }
      last = next;
      end++;
    }
    return end;
  }

  private boolean isFollowedBy(NumberedName next) {
    return number >= 0 && next.number == number + 1 && next.stem.equals(stem);
  }

  /** The number, and the mark that sets it apart, if there is one: {@code -10}. */
  String tail() {
    boolean isSetApart = !stem.isEmpty() && "-_#:. ".indexOf(stem.charAt(stem.length() - 1)) >= 0;
    return (isSetApart ? stem.substring(stem.length() - 1) : "") + number;
  }

  private static boolean isDigit(char c) {
    return '0' <= c && c <= '9';
  }
}
