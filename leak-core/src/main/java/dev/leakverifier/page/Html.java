package dev.leakverifier.page;

import com.google.common.html.HtmlEscapers;
import dev.leakverifier.text.Names;
import java.util.Arrays;

/** Writes HTML of which no text can become markup, however hostile. */
final class Html {
  private final StringBuilder markup = new StringBuilder();

  /**
   * Opens an element.
   *
   * @param element its tag and attributes, as markup of our own with {@code '} for {@code "}
   * @param values what stands for each {@code %s} in it
   */
  Html open(String element, Object... values) {
    Object[] escaped = Arrays.stream(values).map(value -> escape(value.toString())).toArray();
    markup.append('<').append(element.replace('\'', '"').formatted(escaped)).append('>');
    return this;
  }

  Html close(String tag) {
    markup.append("</").append(tag).append('>');
    return this;
  }

  /** A whole element with nothing but text in it; see {@link #open}. */
  Html element(String element, String text, Object... values) {
    return open(element, values).text(text).close(element.split(" ", 2)[0]);
  }

  Html text(String text) {
    markup.append(escape(text));
    return this;
  }

  /** Markup of our own; never anything that a user chose. */
  Html constant(String trusted) {
    markup.append(trusted);
    return this;
  }

  Html line() {
    markup.append('\n');
    return this;
  }

  @Override
  public String toString() {
    return markup.toString();
  }

  private static String escape(String text) {
    return HtmlEscapers.htmlEscaper().escape(Names.visible(text));
  }
}
