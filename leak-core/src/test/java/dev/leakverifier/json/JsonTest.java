package dev.leakverifier.json;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.testng.Assert.expectThrows;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.leakverifier.testing.ForkedJvm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.List;
import org.testng.annotations.Test;
import tools.jackson.databind.json.JsonMapper;

public class JsonTest {
  private static final String HOSTILE =
      "</script><b>&\"'\\/\b\f\n\r\t\0\u001b\u007f \u00e9\u2028\ud83d\ude00\ud800";

  @Test
  public void writesAnyTextInAsciiAndWithoutTheEndOfAScript() {
    String json = Json.text(generator -> generator.writeString(HOSTILE));

    assertThat(json).matches("[ -~]*");
    assertThat(json).doesNotContain("<");
    assertThat(new JsonMapper().readTree(json).asString()).isEqualTo(HOSTILE);
  }

  @Test
  public void writesHexadecimalDigitsInLowerCase() {
    assertThat(Json.text(generator -> generator.writeString("<\u00e9\u007f")))
        .isEqualTo("\"\\u003c\\u00e9\\u007f\"");
  }

  @Test
  public void writesAnArrayOfStrings() {
    assertThat(
            Json.text(
                generator -> {
                  generator.writeStartObject();
                  Json.writeStrings(generator, "names", List.of("a", "b"));
                  generator.writeEndObject();
                }))
        .isEqualTo("{\"names\":[\"a\",\"b\"]}");
  }

  @Test
  public void refusesWhatIsNoJson() {
    expectThrows(
        UncheckedIOException.class,
        () -> Json.text(generator -> generator.writeNumberField("outside", 1)));
  }

  /** Jackson keeps buffers in the threads that it runs in, and texts for ever, if it is let. */
  @Test
  public void leavesNothingBehind() throws Exception {
    List<String> loaded = ForkedJvm.classesLoadedBy(List.of(), WritesAndReads.class);

    assertThat(loaded).contains("com.fasterxml.jackson.core.util.BufferRecycler");
    assertThat(loaded).doesNotContain("com.fasterxml.jackson.core.util.BufferRecyclers");
    assertThat(loaded).doesNotContain("com.fasterxml.jackson.core.util.InternCache");
  }

  static final class WritesAndReads {
    public static void main(String[] args) throws IOException {
      String json = Json.text(generator -> Json.writeStrings(start(generator), "a", List.of("b")));
      try (JsonParser bytes = Json.parser(new ByteArrayInputStream(json.getBytes(UTF_8)));
          JsonParser text = Json.parser(new StringReader(json))) {
        if (bytes.nextToken() != JsonToken.START_OBJECT
            || !"a".equals(bytes.nextFieldName())
            || text.nextToken() != JsonToken.START_OBJECT
            || !"a".equals(text.nextFieldName())) {
          throw new AssertionError(json);
        }
      }
    }

    private static JsonGenerator start(JsonGenerator json) throws IOException {
      json.writeStartObject();
      return json;
    }
  }
}
