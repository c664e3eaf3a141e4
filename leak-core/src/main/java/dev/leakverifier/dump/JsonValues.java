package dev.leakverifier.dump;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.google.common.primitives.Longs;
import dev.leakverifier.json.Json;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import org.jspecify.annotations.Nullable;

/** Pulls the values that are expected from JSON, and says for people what is there instead. */
final class JsonValues {
  private final Source in;
  private final JsonParser json;

  private JsonValues(Source in, JsonParser json) {
    this.in = in;
    this.json = json;
  }

  /** Those in {@code in}, which is UTF-8. */
  static JsonValues of(InputStream in) throws IOException {
    Source source = new Source(in);
    return new JsonValues(source, Json.parser(source));
  }

  /** Those in {@code in}, which may not all be UTF-8. */
  static JsonValues ofAnyBytes(InputStream in) throws IOException {
    Source source = new Source(in);
    return new JsonValues(source, Json.parser(new InputStreamReader(source, UTF_8)));
  }

  /** Goes to the only value. */
  void begin() throws IOException {
    json.nextToken();
  }

  /** Makes sure that nothing follows. */
  void end() throws IOException {
    if (json.nextToken() != null) {
      throw malformed("something follows the end");
    }
  }

  void beginObject() throws IOException {
    expect(JsonToken.START_OBJECT, "{");
  }

  /** Goes to the value of the object's next member; null, and the object is over, without one. */
  @Nullable String nextName() throws IOException {
    String name = json.nextFieldName();
    if (name != null) {
      json.nextToken();
    }
    return name;
  }

  void beginArray() throws IOException {
    expect(JsonToken.START_ARRAY, "[");
  }

  /** Goes to the array's next element; false, and the array is over, without one. */
  boolean nextElement() throws IOException {
    return json.nextToken() != JsonToken.END_ARRAY;
  }

  /** Passes over the value, whatever it is. */
  void skip() throws IOException {
    json.skipChildren();
  }

  String string() throws IOException {
    expect(JsonToken.VALUE_STRING, "a string");
    return json.getText();
  }

  @Nullable String stringOrNull() throws IOException {
    return json.currentToken() == JsonToken.VALUE_NULL ? null : string();
  }

  boolean bool() throws IOException {
    if (json.currentToken() != JsonToken.VALUE_TRUE) {
      expect(JsonToken.VALUE_FALSE, "true or false");
    }
    return json.currentToken() == JsonToken.VALUE_TRUE;
  }

  /** A number, which may stand in quotes: JSON's own are not safe for a {@code long}. */
  long number() throws IOException {
    Long quoted =
        json.currentToken() == JsonToken.VALUE_STRING ? Longs.tryParse(json.getText()) : null;
    if (quoted != null) {
      return quoted;
    }
    expect(JsonToken.VALUE_NUMBER_INT, "a number");
    return json.getLongValue();
  }

  void require(boolean found, String member) throws IOException {
    if (!found) {
      throw malformed("\"" + member + "\" is missing");
    }
  }

  private void expect(JsonToken token, String what) throws IOException {
    if (json.currentToken() != token) {
      throw malformed(what + " is expected");
    }
  }

  JsonParseException malformed(String what) {
    return new JsonParseException(json, what);
  }

  /** The number of the line that is being read; the first one is 1. */
  int line() {
    return json.currentLocation().getLineNr();
  }

  /** How many bytes were read. */
  long position() {
    return json.currentLocation().getByteOffset();
  }

  /** What {@code malformed} says is wrong. */
  String problem(JsonProcessingException malformed) {
    return in.ended ? "it is cut short" : malformed.getOriginalMessage();
  }

  /** Knows whether more was wanted than there is: then what is wrong may be half of something. */
  private static final class Source extends FilterInputStream {
    private boolean ended;

    Source(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = in.read(bytes, offset, length);
      ended = count < 0;
      return count;
    }
  }
}
