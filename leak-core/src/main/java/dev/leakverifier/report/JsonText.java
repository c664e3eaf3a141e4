package dev.leakverifier.report;

import com.google.common.collect.ImmutableMap;
import com.google.common.escape.ArrayBasedCharEscaper;
import com.google.common.escape.CharEscaper;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON, in ASCII, so that no encoding and no HTML page can break it. Whoever calls it keeps
 * to the order of things; a library would be one more for users to have beside their own.
 */
final class JsonText {
  private static final CharEscaper ESCAPER =
      new ArrayBasedCharEscaper(
          ImmutableMap.<Character, String>builder()
              .put('"', "\\\"")
              .put('\\', "\\\\")
              .put('<', "\\u003c") // no end of a script element
              .put('\n', "\\n")
              .put('\r', "\\r")
              .put('\t', "\\t")
              .buildOrThrow(),
          ' ',
          '~') {
        @Override
        protected char[] escapeUnsafe(char c) {
          return "\\u%04x".formatted((int) c).toCharArray();
        }
      };

  private final StringBuilder text = new StringBuilder();
  private boolean first = true;

  JsonText member(String name) {
    separate();
    append(name);
    text.append(':');
    first = true;
    return this;
  }

  JsonText beginObject() {
    return begin('{');
  }

  JsonText endObject() {
    return end('}');
  }

  JsonText beginArray() {
    return begin('[');
  }

  JsonText endArray() {
    return end(']');
  }

  JsonText value(@Nullable String value) {
    separate();
    if (value == null) {
      text.append("null");
    } else {
      append(value);
    }
    return this;
  }

  JsonText value(long value) {
    separate();
    text.append(value);
    return this;
  }

  JsonText value(boolean value) {
    separate();
    text.append(value);
    return this;
  }

  /** An array of strings. */
  JsonText values(Iterable<String> values) {
    beginArray();
    values.forEach(this::value);
    return endArray();
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private JsonText begin(char bracket) {
    separate();
    text.append(bracket);
    first = true;
    return this;
  }

  private JsonText end(char bracket) {
    text.append(bracket);
    first = false;
    return this;
  }

  private void separate() {
    if (!first) {
      text.append(',');
    }
    first = false;
  }

  private void append(String value) {
    text.append('"').append(ESCAPER.escape(value)).append('"');
  }
}
