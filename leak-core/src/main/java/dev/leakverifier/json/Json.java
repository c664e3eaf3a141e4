package dev.leakverifier.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Jackson, as a guest has to use it: it leaves nothing behind in the threads that call it. */
public final class Json {
  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool()) // else each thread keeps its buffers
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // else these are kept for good
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
          .characterEscapes(new InPages())
          .build();

  private Json() {}

  /** Reads UTF-8, and nothing else. */
  public static JsonParser parser(InputStream in) throws IOException {
    return FACTORY.createParser(in);
  }

  /** Reads any text. */
  public static JsonParser parser(Reader in) throws IOException {
    return FACTORY.createParser(in);
  }

  /** Writes one value. */
  public interface Content {
    void writeTo(JsonGenerator json) throws IOException;
  }

  /** What {@code content} writes, in ASCII, so that no encoding and no HTML page can break it. */
  public static String text(Content content) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      content.writeTo(json);
    } catch (IOException e) {
      throw new UncheckedIOException("the content is not JSON", e);
    }
    return text.toString();
  }

  /** Writes a member that is an array of strings. */
  public static void writeStrings(JsonGenerator json, String name, Iterable<String> values)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  /** Escapes {@code <}, too: no string is the end of a script element. */
  private static final class InPages extends CharacterEscapes {
    private static final long serialVersionUID = 1;

    private final int[] ascii = standardAsciiEscapesForJSON();

    InPages() {
      ascii['<'] = ESCAPE_STANDARD;
      ascii['\u007f'] = ESCAPE_STANDARD;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return ascii.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int ch) {
      return null; // only those of ESCAPE_CUSTOM have one
    }
  }
}
