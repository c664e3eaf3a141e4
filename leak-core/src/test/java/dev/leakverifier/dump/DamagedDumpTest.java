package dev.leakverifier.dump;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.testng.Assert.expectThrows;

import com.google.common.base.Splitter;
import com.google.common.base.Strings;
import dev.leakverifier.thread.ThreadSample;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.testng.SkipException;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/**
 * Dumps that are cut, mangled, recoded or none at all: a result, or an error that a person gets.
 */
public class DamagedDumpTest {
  private static final String MESSAGE =
      "dump: line \\d+: [^\\n]+; expected: output of jstack, jcmd PID Thread\\.print, jcmd PID"
          + " Thread\\.dump_to_file, VisualVM, or Spring Boot's actuator"
          + "|dump: (line \\d+: )?this is .*";

  @DataProvider
  Object[][] dumps() {
    return Dumps.ALL.stream().map(name -> new String[] {name}).toArray(Object[][]::new);
  }

  @Test(dataProvider = "dumps")
  public void givesWhatIsWholeOfADumpThatIsCutShort(String name) throws IOException {
    byte[] whole = Dumps.text(name).stripTrailing().getBytes(UTF_8);
    List<String> expected = texts(Dumps.read(Dumps.text(name)));
    // A step that meets every thousandth byte, and others besides.
    for (int length = 0; length < whole.length; length += 50) {
      byte[] cut = Arrays.copyOf(whole, length);
      Optional<ThreadDump> dump = readOrRefuse(cut, "cut after " + length);
      if (dump.isEmpty()) {
        continue;
      }
      List<String> found = texts(dump.get());
      assertWithMessage("%s cut after %s", name, length)
          .that(found)
          .isEqualTo(expected.subList(0, found.size()));
      if (found.size() < expected.size() && !looksWhole(name, new String(cut, UTF_8))) {
        assertWithMessage("%s cut after %s", name, length)
            .that(dump.get().notes().toString())
            .contains("it is cut short; threads read before: " + found.size());
      }
    }
  }

  /** Nothing tells where a text of Java's ought to end: after any of its threads. */
  private static boolean looksWhole(String name, String cut) {
    String lastPart = cut.substring(Math.max(0, cut.lastIndexOf("\n\n")));
    return (name.startsWith("file") && lastPart.equals("\n\n"))
        || (name.startsWith("actuator") && !lastPart.contains("\""));
  }

  @Test
  public void namesTheLineWhereADumpIsCut() throws IOException {
    String dump = Dumps.text("jstack-17.txt");
    String cut = dump.substring(0, dump.indexOf("Shop.sell"));
    long line = cut.lines().count();

    assertThat(Dumps.read(cut).notes())
        .containsExactly("line " + line + ": it is cut short; threads read before: 4");
  }

  @Test(dataProvider = "dumps")
  public void endsWellWhateverBytesAreWrong(String name) throws IOException {
    byte[] whole = Dumps.text(name).getBytes(UTF_8);
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      byte[] bytes = whole.clone();
      for (int i = random.nextInt(200); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      readOrRefuse(bytes, name + " with seed " + seed);
    }
  }

  @Test(dataProvider = "dumps")
  public void endsWellWhateverTheOrderOfLines(String name) throws IOException {
    List<String> lines = new ArrayList<>(Splitter.on('\n').splitToList(Dumps.text(name)));
    for (int seed = 0; seed < 50; seed++) {
      Collections.shuffle(lines, new Random(seed));
      readOrRefuse(String.join("\n", lines).getBytes(UTF_8), name + " with seed " + seed);
    }
  }

  @Test
  public void refusesRandomBytes() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(100_000)];
      random.nextBytes(bytes);
      assertThat(readOrRefuse(bytes, "random bytes with seed " + seed)).isEqualTo(Optional.empty());
    }
  }

  @Test
  public void endsWellWithWordsOfDumpsInAnyOrder() {
    String[] words = {
      "\"",
      "#12 ",
      " \n",
      "\n",
      "\n\n",
      "\tat ",
      "    at ",
      "      ",
      "a.B.c(D.java:1)",
      " tid=0x1f",
      "java.lang.Thread.State: ",
      "WAITING",
      "BLOCKED (x)",
      "- locked <0x1> (a B)",
      "- parking to",
      " wait for <0x1> (a B)",
      "Full thread dump ",
      "JNI global refs",
      " virtual",
      "4711\n",
      "2026-11-24T20:35:58Z\n",
      "25\n\n",
      "Found one Java-level deadlock:",
      "{\"threadDump\":",
      "waiting to lock monitor 0x1 (object 0x1, a B),",
      "which is held by \"",
      "name",
      "/",
      ".",
      "(",
      "Mounted virtual thread #1",
      "Carrying virtual thread #1",
      "\r\n",
      "\u00e4",
      "[",
      "]",
      "}",
    };
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      StringBuilder dump = new StringBuilder();
      for (int i = random.nextInt(300); i >= 0; i--) {
        dump.append(words[random.nextInt(words.length)]);
      }
      readOrRefuse(dump.toString().getBytes(UTF_8), "words with seed " + seed);
    }
  }

  @DataProvider
  Object[][] others() {
    return new String[][] {
      {"", "line 0: the file is empty"},
      {"\n\n", "line 2: no thread was found up to here"},
      {"no such process\n", "line 1: no thread was found up to here"},
      {"{", "line 1: it is cut short"},
      {"{}", "line 1: \"threadDump\" is missing"},
      {"\n{\n\"a\": 1", "line 3: it is cut short"},
      {
        "4711:\n{\"threadDump\":\n{x",
        "line 3: Unexpected character ('x' (code 120)): was expecting double-quote to start field name"
      },
      {"{\"threadDump\": {\"threadContainers\": []}}", "line 1: no thread is in it"},
      {"2026-11-24 20:35:55\nFull thread dump Acme VM (1.0):\n", "line 2: it is cut short"},
      {"\"main\" #1 prio=5 tid=0x1", "line 1: no thread was found up to here"},
    };
  }

  @Test(dataProvider = "others")
  public void refusesWhatIsNoDumpAndSaysWhatWouldBe(String text, String problem) {
    UnreadableDumpException refused =
        expectThrows(UnreadableDumpException.class, () -> Dumps.read(text));
    assertThat(refused)
        .hasMessageThat()
        .startsWith("dump: " + problem + "; expected: output of jstack, jcmd PID");
  }

  @Test
  public void namesTheFileThatIsNotThereOrNoFile() throws IOException {
    Path folder = Files.createTempDirectory("dump");
    Path file = folder.resolve("none.txt");
    try {
      assertThat(expectThrows(UnreadableDumpException.class, () -> ThreadDump.read(file)))
          .hasMessageThat()
          .isEqualTo(file + ": there is no such file");
      assertThat(expectThrows(UnreadableDumpException.class, () -> ThreadDump.read(folder)))
          .hasMessageThat()
          .isEqualTo(folder + ": this is a folder, not a file");
      Files.writeString(file, Dumps.text("file-21.txt"));
      assertThat(ThreadDump.read(file).threads()).hasSize(5);
      assertThat(ThreadDump.read(file).source()).isEqualTo(file.toString());
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  @Test(timeOut = 60_000)
  public void endsWhereADeviceDoesNot() {
    if (!Files.exists(Path.of("/dev/zero"))) {
      throw new SkipException("this system has no /dev/zero");
    }
    assertThat(
            expectThrows(
                UnreadableDumpException.class, () -> ThreadDump.read(Path.of("/dev/zero"))))
        .hasMessageThat()
        .isEqualTo(
            "/dev/zero: this is not a regular file, and does not end; save the dump to a file first");
  }

  @Test
  public void saysThatAStreamFailed() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("disk on fire");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
          }
        };
    assertThat(
            expectThrows(UnreadableDumpException.class, () -> ThreadDump.read("the disk", broken)))
        .hasMessageThat()
        .isEqualTo("the disk: it cannot be read (java.io.IOException: disk on fire)");
  }

  @Test(dataProvider = "dumps")
  public void readsOtherLineEnds(String name) throws IOException {
    String dump = Dumps.text(name);
    // A name of two lines has them, too.
    assertThat(texts(Dumps.read(dump.replace("\n", "\r\n")))).isEqualTo(texts(Dumps.read(dump)));
  }

  @Test(dataProvider = "dumps")
  public void readsOtherEncodings(String name) throws IOException {
    String dump = Dumps.text(name);
    List<String> expected = texts(Dumps.read(dump));
    for (String charset : new String[] {"UTF-16", "UTF-16LE", "UTF-16BE"}) {
      ThreadDump read = Dumps.read(dump.getBytes(Charset.forName(charset)));
      assertWithMessage(charset).that(texts(read)).isEqualTo(expected);
    }
    assertThat(texts(Dumps.read("\ufeff" + dump))).isEqualTo(expected);
  }

  @Test
  public void takesWhatIsNotUtf8ForIso8859AndSaysSo() throws IOException {
    String dump = Dumps.text("jstack-17.txt");
    ThreadDump read = Dumps.read(dump.getBytes(ISO_8859_1));

    assertThat(texts(read)).isEqualTo(texts(Dumps.read(dump)));
    assertThat(Dumps.only(read.notes()).orElse(""))
        .matches("line \\d+: not UTF-8; read as ISO 8859-1");
  }

  @Test
  public void readsJsonOfWhichSomeBytesAreNoText() throws IOException {
    byte[] dump =
        Dumps.text("file-25.json").replace("\"seller\"", "\"\u00e4\"").getBytes(ISO_8859_1);

    assertThat(Dumps.names(Dumps.read(dump))).contains("\ufffd");
  }

  @Test
  public void readsNamesOfSurrogatePairsInUtf16() throws IOException {
    String name = "a" + "\ud83d\ude00".repeat(20_000); // a pair stands astride every part
    for (String form : new String[] {"file-25.txt", "file-25.json"}) {
      String dump = Dumps.text(form).replace("\"seller\"", "\"" + name + "\"");

      assertThat(Dumps.names(Dumps.read(dump.getBytes(UTF_16)))).contains(name);
    }
  }

  @Test
  public void leavesTheStreamOpen() throws IOException {
    for (String name : Dumps.ALL) {
      InputStream in =
          new ByteArrayInputStream(Dumps.text(name).getBytes(UTF_8)) {
            @Override
            public void close() {
              throw new AssertionError(name);
            }
          };
      assertThat(ThreadDump.read(name, in).threads()).isNotEmpty();
    }
  }

  @Test
  public void findsADumpInALog() throws IOException {
    String dump = Dumps.text("jstack-17.txt");
    String log =
        "09:00 started a Full thread dump (soon)\n\"GET /\" 200\n#1 \"\n"
            + dump
            + "09:01 \"x\" stopped\n#2 \"y\"\n";
    ThreadDump read = Dumps.read(log);

    assertThat(texts(read)).isEqualTo(texts(Dumps.read(dump)));
    assertThat(read.notes()).isEmpty();
    assertThat(read.time()).isEqualTo(Optional.of("2026-11-24 20:35:52"));
  }

  @Test
  public void readsADumpOfWhichEachLineHasATimeStamp() throws IOException {
    String dump = Dumps.text("jstack-17.txt");
    StringBuilder log = new StringBuilder();
    int second = 0;
    for (String line : Splitter.on('\n').split(dump)) {
      log.append(("2026-11-24T20:36:" + (10 + second++ % 50) + "Z pod-7 " + line).strip())
          .append('\n');
    }
    ThreadDump read = Dumps.read(log.toString());

    assertThat(texts(read)).isEqualTo(texts(Dumps.read(dump)));
    assertThat(read.notes()).isEmpty();
  }

  @Test
  public void passesOverLinesOfALogAmongTheThreads() throws IOException {
    String dump = Dumps.text("jstack-17.txt");
    for (String line :
        new String[] {"09:00 INFO ready", "\"GET /\" 200", "# \"odd", "\"", "at once"}) {
      String log =
          dump.replaceAll("(?m)(^\\tat com.acme.Shop.sell)", line.replace("\\", "") + "\n$1");
      ThreadDump read = Dumps.read(log);
      assertWithMessage(line).that(texts(read)).isEqualTo(texts(Dumps.read(dump)));
      assertWithMessage(line)
          .that(Dumps.only(read.notes()).orElse(""))
          .matches("line \\d+: not understood and skipped; later lines like that: 1");
    }
  }

  @Test
  public void readsNamesOf64Kibibytes() throws IOException {
    String name = Strings.repeat("\u20ac\"x\n", 16_383);
    String json = name.replace("\"", "\\\"").replace("\n", "\\n");
    assertThat(
            Dumps.names(
                Dumps.read(Dumps.text("jstack-17.txt").replace("seller\" #", name + "\" #"))))
        .contains(name);
    assertThat(
            Dumps.names(
                Dumps.read(Dumps.text("file-25.txt").replace("\"seller\"", "\"" + name + "\""))))
        .contains(name);
    assertThat(
            Dumps.names(
                Dumps.read(Dumps.text("file-25.json").replace("\"seller\"", "\"" + json + "\""))))
        .contains(name);
  }

  @Test
  public void readsNamesThatLookLikeAHeader() throws IOException {
    String name = "a\"\n#9 \"b\" virtual\n\n \"c";
    String dump = Dumps.text("file-25.txt").replace("\"seller\"", "\"" + name + "\"");

    assertThat(Dumps.names(Dumps.read(dump))).contains(name);
    assertThat(Dumps.read(dump).threads()).hasSize(Dumps.saved("file-25.txt").threads().size());
  }

  @Test
  public void cutsLinesThatHaveNoEnd() throws IOException {
    String endless = Strings.repeat("x", 2 * Lines.LONGEST);
    String dump = Dumps.text("jstack-17.txt");
    ThreadDump read = Dumps.read(endless + "\n" + dump);

    assertThat(texts(read)).isEqualTo(texts(Dumps.read(dump)));
    assertThat(read.notes())
        .containsExactly("line 1: longer than 262144 bytes; the rest of it was skipped");
  }

  @Test
  public void readsAStreamThatDrips() throws IOException {
    for (String name : Dumps.ALL) {
      byte[] dump = Dumps.text(name).getBytes(UTF_8);
      InputStream dripping =
          new ByteArrayInputStream(dump) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
              return super.read(bytes, offset, Math.min(length, 7));
            }
          };
      assertThat(texts(ThreadDump.read("dump", dripping))).isEqualTo(texts(Dumps.read(dump)));
    }
  }

  private static Optional<ThreadDump> readOrRefuse(byte[] bytes, String what) {
    try {
      ThreadDump dump = Dumps.read(bytes);
      assertWithMessage(what).that(dump.threads()).isNotEmpty();
      return Optional.of(dump);
    } catch (UnreadableDumpException e) {
      assertWithMessage(what).that(e).hasMessageThat().matches(MESSAGE);
      return Optional.empty();
    } catch (RuntimeException | Error e) {
      throw new AssertionError(what, e);
    }
  }

  private static List<String> texts(ThreadDump dump) {
    return dump.samples().stream().map(DamagedDumpTest::text).toList();
  }

  private static String text(ThreadSample thread) {
    return thread.id() + " " + thread.name() + " " + thread.state() + "\n" + thread.stack();
  }
}
