package dev.leakverifier.json;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.testng.Assert.expectThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

public class RecentValuesTest {
  private final List<String> read = new ArrayList<>();

  @BeforeMethod
  public void startAnew() {
    read.clear();
  }

  @Test
  public void readsAValueOnce() throws IOException {
    assertThat(values("[[\"a\"], [\"b\"],\n\n  [\"a\"],[\"a\"], [\"b\"]]"))
        .containsExactly("a", "b", "a", "a", "b")
        .inOrder();
    assertThat(read).containsExactly("a", "b").inOrder();
  }

  @Test
  public void readsWhatIsWrittenOtherwise() throws IOException {
    assertThat(values("[[\"a\"], [ \"a\"], [\"\\u0061\"], [\"a\",\"a\"], [\"ab\"], [\"a\"]]"))
        .containsExactly("a", "a", "a", "a", "ab", "a")
        .inOrder();
    assertThat(read).containsExactly("a", "a", "a", "a", "ab").inOrder();
  }

  @Test
  public void forgetsWhatHasNotComeForLong() throws IOException {
    String many = IntStream.range(0, 9).mapToObj(i -> "[\"" + i + "\"]").collect(joining(","));
    List<String> values = values("[" + many + "," + many + ",[\"8\"]]");

    assertThat(values).hasSize(19);
    assertThat(values.get(9)).isEqualTo("0");
    assertThat(values.get(18)).isEqualTo("8");
    assertThat(read).hasSize(18);
  }

  @Test
  public void refusesWhatOnlyBeginsLikeAKnownOne() {
    IOException error = expectThrows(IOException.class, () -> values("[[\"a\"], [\"a\"x]]"));
    assertThat(error).hasMessageThat().startsWith(", is expected, at byte ");
    error = expectThrows(IOException.class, () -> values("[[\"a\"], [\"a\""));
    assertThat(error).hasMessageThat().isEqualTo("it is cut short, at byte 12");
  }

  /** A number has no end of its own. */
  @Test
  public void takesNoNumberForAnother() throws IOException {
    JsonReader json = reader("[1, 12, 1]");
    RecentValues<Long> numbers = new RecentValues<>(JsonReader::number);
    List<Long> values = new ArrayList<>();
    json.beginArray();
    while (json.nextElement()) {
      values.add(numbers.next(json));
    }
    assertThat(values).containsExactly(1L, 12L, 1L).inOrder();
  }

  @Test
  public void countsLinesAndBytesOfWhatItPassesOver() throws IOException {
    JsonReader json = reader("[[\n\"a\"\n]\n,[\n\"a\"\n]\n?");
    RecentValues<String> values = new RecentValues<>(JsonReader::lastString);
    json.beginArray();
    for (int i = 0; i < 2; i++) {
      assertThat(json.nextElement()).isTrue();
      assertThat(values.next(json)).isEqualTo("a");
    }
    IOException error = expectThrows(IOException.class, json::nextElement);

    assertThat(error).hasMessageThat().isEqualTo(", is expected, at byte 18");
    assertThat(json.line()).isEqualTo(7);
  }

  @Test
  public void readsValuesThatTheBufferCutsInTwo() throws IOException {
    byte[] text = "[[\"ab\"], [\"ab\"], [\"c\"], [\"ab\"]]".getBytes(UTF_8);
    for (int most = 1; most < text.length; most++) {
      int atMost = most;
      InputStream dripping =
          new ByteArrayInputStream(text) {
            @Override
            public int read(byte[] bytes) {
              return read(bytes, 0, Math.min(atMost, bytes.length));
            }
          };
      assertThat(values(new JsonReader(dripping))).containsExactly("ab", "ab", "c", "ab").inOrder();
    }
  }

  private List<String> values(String json) throws IOException {
    return values(reader(json));
  }

  private List<String> values(JsonReader json) throws IOException {
    RecentValues<String> recent =
        new RecentValues<>(
            same -> {
              String value = same.lastString();
              read.add(value);
              return value;
            });
    List<String> values = new ArrayList<>();
    json.beginArray();
    while (json.nextElement()) {
      values.add(recent.next(json));
    }
    json.end();
    return values;
  }

  private static JsonReader reader(String json) {
    return new JsonReader(new ByteArrayInputStream(json.getBytes(UTF_8)));
  }
}
