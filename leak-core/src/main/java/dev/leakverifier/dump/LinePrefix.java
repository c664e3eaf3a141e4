package dev.leakverifier.dump;

/** What a logger has put before each line of a dump: the same, but for the digits in it. */
final class LinePrefix {
  /** Nothing was put there. */
  static final LinePrefix NONE = new LinePrefix("");

  private final String prefix;

  private LinePrefix(String prefix) {
    this.prefix = prefix;
  }

  /** What stands before the first word of the dump. */
  static LinePrefix of(String prefix) {
    return new LinePrefix(prefix);
  }

  /** {@code line} without it; as it is if it does not begin with it. */
  String removedFrom(String line) {
    if (prefix.isEmpty()) {
      return line;
    }
    if (begins(line, prefix)) {
      return line.substring(prefix.length());
    }
    String bare = prefix.stripTrailing(); // of a blank line
    return line.length() == bare.length() && begins(line, bare) ? "" : line;
  }

  private static boolean begins(String line, String prefix) {
    if (line.length() < prefix.length()) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      char expected = prefix.charAt(i);
      char found = line.charAt(i);
      if (expected != found && !(Character.isDigit(expected) && Character.isDigit(found))) {
        return false;
      }
    }
    return true;
  }
}
