package dev.leakverifier.json;

import java.io.IOException;

/** The escapes in JSON's strings. */
final class JsonEscapes {
  private JsonEscapes() {}

  /** What {@code text} says, which {@code json} is reading. */
  static String plain(String text, JsonReader json) throws IOException {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        plain.append(c);
        continue;
      }
      c = text.charAt(++i); // the reader's scan saw to it that there is one
      switch (c) {
        case '"', '\\', '/' -> plain.append(c);
        case 'b' -> plain.append('\b');
        case 'f' -> plain.append('\f');
        case 'n' -> plain.append('\n');
        case 'r' -> plain.append('\r');
        case 't' -> plain.append('\t');
        case 'u' -> {
          if (i + 5 > text.length()) {
            throw json.malformed("an escape is cut short");
          }
          try {
            plain.append((char) Integer.parseInt(text, i + 1, i + 5, 16));
          } catch (NumberFormatException e) {
            throw json.malformed("an escape is not known");
          }
          i += 4;
        }
        default -> throw json.malformed("an escape is not known");
      }
    }
    return plain.toString();
  }
}
