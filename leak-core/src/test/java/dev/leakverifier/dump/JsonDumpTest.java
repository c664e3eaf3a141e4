package dev.leakverifier.dump;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.testng.Assert.expectThrows;

import com.google.common.io.Resources;
import dev.leakverifier.thread.ThreadSample;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Dumps as the JDKs write them: those of 21 and 24 after their source, that of 25 from a run. */
public class JsonDumpTest {
  @Test
  public void tellsTheVirtualThreadsOfJdk21ByTheirBottomFrame() throws IOException {
    assertThat(ids(dump("dump-21.json"))).asList().containsExactly(29L, 30L, 31L).inOrder();
  }

  @Test
  public void takesTheStateOfJdk21FromTheStack() throws IOException {
    assertThat(sample("dump-21.json", 31).state()).isEqualTo(Thread.State.TIMED_WAITING);
    assertThat(sample("dump-21.json", 29).state()).isEqualTo(Thread.State.WAITING);
    assertThat(sample("dump-21.json", 30).state()).isEqualTo(Thread.State.RUNNABLE);
  }

  @Test
  public void readsNameOwnerAndFramesOfJdk21() throws IOException {
    ThreadSample poller = sample("dump-21.json", 31);

    assertThat(poller.name()).isEqualTo("poller \"1\"\n/");
    assertThat(poller.owner()).isEqualTo(Optional.empty());
    assertThat(poller.standsIn("com.acme.Poller.poll")).isTrue();
    assertThat(poller.standsIn("java.lang.Thread.sleep")).isTrue();
    assertThat(sample("dump-21.json", 29).owner())
        .isEqualTo(Optional.of("java.util.concurrent.ThreadPerTaskExecutor@1b2c3d"));
  }

  @Test
  public void readsNumbersWithoutQuotes() throws IOException {
    assertThat(ids(dump("dump-24.json"))).asList().containsExactly(31L);
    assertThat(sample("dump-24.json", 31).state()).isEqualTo(Thread.State.BLOCKED);
  }

  @Test
  public void readsTheFormOfJdk25() throws IOException {
    assertThat(ids(dump("dump-25.json"))).asList().containsExactly(22L, 27L, 28L, 31L).inOrder();
    ThreadSample waiting = sample("dump-25.json", 22);
    assertThat(waiting.name()).isEqualTo("a\"b\n\t\\c\u202e\u00e9\ud83d\ude00 /");
    assertThat(waiting.state()).isEqualTo(Thread.State.WAITING);
    assertThat(waiting.isVirtual()).isTrue();
    assertThat(waiting.stack())
        .isEqualTo(
            """
            java.lang.VirtualThread.park(VirtualThread.java:742)
            java.util.concurrent.CountDownLatch.await(CountDownLatch.java:230)
            com.acme.Shop.lambda$main$0(Shop.java:15)
            java.lang.VirtualThread.run(VirtualThread.java:460)""");
    assertThat(sample("dump-25.json", 27).frames()).isEmpty();
    assertThat(sample("dump-25.json", 28).topFunction()).isEqualTo("com.acme.Shop.lambda$main$5");
    assertThat(sample("dump-25.json", 31).owner())
        .isEqualTo(Optional.of("java.util.concurrent.ThreadPerTaskExecutor@b1a58a3"));
  }

  @Test
  public void passesOverMembersThatItDoesNotKnow() throws IOException {
    String newer =
        dump("dump-25.json")
            .replace("\"processId\"", "\"formatVersion\": 2, \"new\": [{\"a\": -1.5e3}], \"pid\"")
            .replace("\"state\": \"WAITING\"", "\"new\": null, \"state\": \"WAITING\"")
            .replace("\"carrier\"", "\"new\": {\"a\": [true, false, []]}, \"carrier\"");
    assertThat(ids(newer)).hasLength(4);
    assertThat(samples(newer, 22)).hasSize(1);
  }

  @Test
  public void leavesOutThreadsThatHaveEnded() throws IOException {
    assertThat(samples(dump("dump-25.json"), 99)).isEmpty();
  }

  @DataProvider
  Object[][] dumps() {
    return new String[][] {{"dump-21.json"}, {"dump-24.json"}, {"dump-25.json"}};
  }

  @Test(dataProvider = "dumps")
  public void refusesADumpThatIsCutShortAnywhere(String name) throws IOException {
    byte[] whole = dump(name).stripTrailing().getBytes(UTF_8);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      IOException error = expectThrows(IOException.class, () -> ids(cut));
      assertWithMessage("cut after %s", length)
          .that(error)
          .hasMessageThat()
          .isEqualTo("it is cut short, at byte " + length);
      expectThrows(IOException.class, () -> samples(cut, 22));
    }
  }

  @Test(dataProvider = "dumps")
  public void readsThroughABufferOfAnySize(String name) throws IOException {
    byte[] whole = dump(name).getBytes(UTF_8);
    for (int most = 1; most < 40; most++) {
      int atMost = most;
      InputStream dripping =
          new ByteArrayInputStream(whole) {
            @Override
            public int read(byte[] bytes) {
              return read(bytes, 0, Math.min(atMost, bytes.length));
            }
          };
      assertThat(JsonDump.virtualIds(dripping)).isEqualTo(ids(whole));
    }
  }

  @DataProvider
  Object[][] unknownForms() {
    return new String[][] {
      {"\"threadDump\"", "\"dump\"", "\"threadDump\" is missing"},
      {"\"threadContainers\"", "\"containers\"", "\"threadContainers\" is missing"},
      {"\"container\":", "\"named\":", "\"container\" is missing"},
      {"\"threads\"", "\"members\"", "\"threads\" is missing"},
      {"\"tid\"", "\"id\"", "\"tid\" is missing"},
      {"\"stack\"", "\"frames\"", "\"stack\" is missing"},
      {"\"tid\": \"22\"", "\"tid\": \"x\"", "a number is expected"},
      {"\"tid\": \"22\"", "\"tid\": []", "a number is expected"},
      {"\"virtual\": true", "\"virtual\": \"yes\"", "true or false is expected"},
      {"\"processId\"", "\"formatVersion\": 3, \"x\"", "formatVersion 3 is not known"},
      {"{\n  \"threadDump\"", "[\n  \"threadDump\"", "{ is expected"},
      {"\"name\": \"main\"", "\"name\": main", "Unrecognized token 'main'"},
      {"\"name\": \"main\",", "\"name\": \"main\"", "Unexpected character"},
      {"\"name\": \"main\"", "\"name\" \"main\"", "Unexpected character"},
      {"\"name\": \"main\"", "\"name\": \"ma\u0007in\"", "Illegal unquoted character"},
    };
  }

  @Test(dataProvider = "unknownForms")
  public void refusesAFormThatIsNotKnown(String known, String unknown, String message)
      throws IOException {
    String dump = dump("dump-25.json");
    assertThat(dump).contains(known);
    IOException error =
        expectThrows(IOException.class, () -> ids(dump.replaceFirst(quote(known), unknown)));
    assertThat(error).hasMessageThat().matches(Pattern.quote(message) + ".*, at byte \\d+");
  }

  @DataProvider
  Object[][] unknownSamples() {
    return new String[][] {
      {"\"state\": \"WAITING\"", "\"state\": \"DOZING\"", "state \"DOZING\" is not known"},
      {"com.acme.Shop.lambda$main$0(", "com.acme.Shop.lambda$main$0", "\"com.acme.Shop.lambda"},
      {"a\\\"b", "a\\\\x", "Unrecognized character escape"},
      {"a\\\"b", "\\\\u00e", "Unexpected character"},
    };
  }

  @Test(dataProvider = "unknownSamples")
  public void refusesASampleThatIsNotKnown(String known, String unknown, String message)
      throws IOException {
    String dump = dump("dump-25.json");
    assertThat(dump).contains(known);
    String changed = dump.replaceFirst(quote(known), unknown.replace("$", "\\$"));
    assertThat(changed).isNotEqualTo(dump);
    IOException error = expectThrows(IOException.class, () -> samples(changed, 22));
    assertThat(error).hasMessageThat().startsWith(message);
  }

  @Test
  public void refusesWhatFollowsTheEnd() throws IOException {
    String dump = dump("dump-25.json");
    IOException error = expectThrows(IOException.class, () -> ids(dump + "{}"));
    assertThat(error).hasMessageThat().startsWith("something follows the end");
    assertThat(ids(dump + " \r\n\t")).hasLength(4);
  }

  @Test
  public void refusesWhatIsNestedWithoutEnd() throws IOException {
    String deep = "[".repeat(100_000);
    IOException error =
        expectThrows(IOException.class, () -> ids("{\"threadDump\": {\"new\": " + deep));
    assertThat(error).hasMessageThat().startsWith("Document nesting depth");
  }

  @Test
  public void unescapesEveryCharacter() throws IOException {
    String dump =
        dump("dump-25.json").replaceFirst("a\\\\\"b", "\\\\b\\\\f\\\\r\\\\u0007\\\\ud83d\\\\ude00");
    assertThat(samples(dump, 22).get(0).name()).startsWith("\b\f\r\u0007\ud83d\ude00\n\t\\c");
  }

  private static String quote(String text) {
    return Pattern.quote(text);
  }

  private static String dump(String name) throws IOException {
    return Resources.toString(Resources.getResource(JsonDumpTest.class, name), UTF_8);
  }

  private static ThreadSample sample(String name, long id) throws IOException {
    return samples(dump(name), id).get(0);
  }

  private static List<ThreadSample> samples(String dump, long id) throws IOException {
    return samples(dump.getBytes(UTF_8), id);
  }

  private static List<ThreadSample> samples(byte[] dump, long id) throws IOException {
    return JsonDump.virtualSamples(new ByteArrayInputStream(dump), wanted -> wanted == id);
  }

  private static long[] ids(String dump) throws IOException {
    return ids(dump.getBytes(UTF_8));
  }

  private static long[] ids(byte[] dump) throws IOException {
    return JsonDump.virtualIds(new ByteArrayInputStream(dump));
  }
}
