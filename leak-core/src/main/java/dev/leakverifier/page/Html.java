package dev.leakverifier.page;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.html.HtmlEscapers;
import dev.leakverifier.text.Names;

/** Writes HTML of which no text can become markup, however hostile. */
final class Html {
  private final StringBuilder markup = new StringBuilder();

  /** Opens an element; {@code attributes} are names and values in turn. */
  Html open(String tag, String... attributes) {
    checkArgument(attributes.length % 2 == 0, "%s: a name without a value", tag);
    markup.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      markup.append(' ').append(attributes[i]).append("=\"").append(escape(attributes[i + 1]));
      markup.append('"');
    }
    markup.append('>');
    return this;
  }

  Html close(String tag) {
    markup.append("</").append(tag).append('>');
    return this;
  }

  /** A whole element with nothing but text in it. */
  Html element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close(tag);
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
