package dev.leakverifier.json;

import com.google.common.escape.ArrayBasedCharEscaper;
import com.google.common.escape.CharEscaper;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON, in ASCII, so that no encoding and no HTML page can break it. Whoever calls it keeps
 * to the order of things; a library would be one more for users to have beside their own. Not
 * thread-safe.
 */
public final class JsonText {
  private static final CharEscaper ESCAPER =
      new ArrayBasedCharEscaper(
          Map.of(
              '"', "\\\"",
              '\\', "\\\\",
              '<', "\\u003c", // no end of a script element
              '\n', "\\n",
              '\r', "\\r",
              '\t', "\\t"),
          ' ',
          '~') {
        @Override
        protected char[] escapeUnsafe(char c) {
          return "\\u%04x".formatted((int) c).toCharArray();
        }
      };

  private final StringBuilder text = new StringBuilder();
  private boolean first = true;

  /** Nothing is written yet. */
  public JsonText() {}

  /** The name of the value that follows. */
  public JsonText member(String name) {
    separate();
    append(name);
    text.append(':');
    first = true;
    return this;
  }

  /** Begins an object; its members follow. */
  public JsonText beginObject() {
    return begin('{');
  }

  /** Ends the object. */
  public JsonText endObject() {
    return end('}');
  }

  /** Begins an array; its values follow. */
  public JsonText beginArray() {
    return begin('[');
  }

  /** Ends the array. */
  public JsonText endArray() {
    return end(']');
  }

  /** A value on its own, or that of the member whose name was written last. */
  public JsonText value(@Nullable String value) {
    separate();
    if (value == null) {
      text.append("null");
    } else {
      append(value);
    }
    return this;
  }

  /** A value on its own, or that of the member whose name was written last. */
  public JsonText value(long value) {
    separate();
    text.append(value);
    return this;
  }

  /** A value on its own, or that of the member whose name was written last. */
  public JsonText value(boolean value) {
    separate();
    text.append(value);
    return this;
  }

  /** An array of strings. */
  public JsonText values(Iterable<String> values) {
    beginArray();
    values.forEach(this::value);
    return endArray();
  }

  /** What is written so far. */
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
