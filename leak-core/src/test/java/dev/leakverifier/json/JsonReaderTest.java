package dev.leakverifier.json;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.testng.Assert.expectThrows;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Strings and space are looked at eight bytes at a time; so what ends them may stand anywhere. */
public class JsonReaderTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int PLACES = 3 * Long.BYTES;
  private static final int ROUNDS = 20;

  @DataProvider
  Object[][] plain() {
    return new String[][] {
      {" "}, {"!"}, {"#"}, {"["}, {"]"}, {"\u007f"}, {"\u0080"}, {"\ud83d\ude00"}
    };
  }

  @Test(dataProvider = "plain")
  public void readsWhatIsPlainAtEachPlace(String plain) throws IOException {
    for (int place = 0; place < PLACES; place++) {
      String text = "x".repeat(place) + plain + "y".repeat(PLACES);
      assertThat(reader('"' + text + "\",").string()).isEqualTo(text);
    }
  }

  @Test
  public void readsAnEscapeAtEachPlace() throws IOException {
    for (int place = 0; place < PLACES; place++) {
      String before = "x".repeat(place);
      String escaped = '"' + before + "\\\"\\\\\\/y\"";
      assertThat(reader(escaped).string()).isEqualTo(before + "\"\\/y");
    }
  }

  @Test
  public void refusesAControlCharacterAtEachPlace() {
    for (int place = 0; place < PLACES; place++) {
      for (char control : new char[] {'\0', '\n', '\u001f'}) {
        String json = '"' + "x".repeat(place) + control + "y".repeat(PLACES) + '"';
        IOException error = expectThrows(IOException.class, reader(json)::string);
        assertWithMessage("at place %s", place)
            .that(error)
            .hasMessageThat()
            .isEqualTo("a control character in a string, at byte " + (place + 2));
        expectThrows(IOException.class, reader(json)::skip);
      }
    }
  }

  @Test
  public void passesOverSpaceOfAnyLength() throws IOException {
    for (int length = 0; length < PLACES; length++) {
      for (String space : new String[] {" ", "\n", "\t", "\r\n"}) {
        JsonReader json = reader(space.repeat(length) + "[" + space.repeat(length) + "17]");
        json.beginArray();
        assertThat(json.nextElement()).isTrue();
        assertThat(json.number()).isEqualTo(17);
        assertThat(json.nextElement()).isFalse();
        json.end();
      }
    }
  }

  @Test
  public void tellsANumberFromWhatIsNone() throws IOException {
    for (String value : new String[] {"0", "-1", "1.5e-3", "null", "true", "false"}) {
      JsonReader json = reader(value + " ");
      json.skip();
      json.end();
    }
    for (String value : new String[] {"-", "1.", "nul", "truefalse", "1e", "", "+1"}) {
      IOException error = expectThrows(IOException.class, reader(value + ",")::skip);
      assertThat(error).hasMessageThat().startsWith("a value is expected");
    }
  }

  /** A dump has millions of strings that nobody reads. */
  @Test
  public void allocatesNothingForWhatIsPassedOver() throws IOException {
    String frame = "\"java.base\\/java.lang.Thread.run(Thread.java:1474)\",\n  ";
    assertThat(bytesToSkip("[" + frame.repeat(10_000) + "\"\"]"))
        .isEqualTo(bytesToSkip("[" + frame.repeat(10) + "\"\"]"));
  }

  /** The fewest of many rounds, since the compiler may change its mind. */
  private static long bytesToSkip(String json) throws IOException {
    long fewest = Long.MAX_VALUE;
    byte[] bytes = json.getBytes(UTF_8);
    for (int i = 0; i < ROUNDS; i++) {
      JsonReader reader = new JsonReader(new ByteArrayInputStream(bytes));
      long before = THREADS.getCurrentThreadAllocatedBytes();
      reader.skip();
      fewest = Math.min(fewest, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return fewest;
  }

  private static JsonReader reader(String json) {
    return new JsonReader(new ByteArrayInputStream(json.getBytes(UTF_8)));
  }
}
