package dev.leakverifier.cli;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Strings;
import dev.leakverifier.testing.ForkedJvm;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

public class DumpCommandTest {
  private static final String ONE_THREAD =
      """
      2026-11-24 20:35:52
      Full thread dump OpenJDK 64-Bit Server VM (17.0.15+6 mixed mode):

      "a" #12 prio=5 os_prio=0 cpu=1.00ms elapsed=3.00s tid=0x01 nid=0x1 runnable  [0x1]
         java.lang.Thread.State: RUNNABLE
      \tat com.acme.Shop.pay(Shop.java:7)

      JNI global refs: 4, weak refs: 0

      """;

  private static final String DEADLOCK =
      """
      2026-11-24 20:36:52
      Full thread dump OpenJDK 64-Bit Server VM (17.0.15+6 mixed mode):

      "a" #12 prio=5 os_prio=0 cpu=1.00ms elapsed=3.00s tid=0x01 nid=0x1 waiting for monitor entry  [0x1]
         java.lang.Thread.State: BLOCKED (on object monitor)
      \tat com.acme.Shop.pay(Shop.java:7)
      \t- waiting to lock <0x0000000000000002> (a com.acme.Account)
      \t- locked <0x0000000000000001> (a com.acme.Account)

      "b" #13 prio=5 os_prio=0 cpu=1.00ms elapsed=3.00s tid=0x02 nid=0x2 waiting for monitor entry  [0x2]
         java.lang.Thread.State: BLOCKED (on object monitor)
      \tat com.acme.Shop.pay(Shop.java:7)
      \t- waiting to lock <0x0000000000000001> (a com.acme.Account)
      \t- locked <0x0000000000000002> (a com.acme.Account)

      JNI global refs: 4, weak refs: 0

      """;

  private final FakeConsole console = new FakeConsole();
  private Path file = Path.of("");

  @BeforeMethod
  public void makeFile() throws IOException {
    file = Files.createTempFile("threads", ".txt");
  }

  @AfterMethod
  public void deleteFile() throws IOException {
    Files.delete(file);
  }

  private int dump(String text, String... options) throws IOException {
    Files.writeString(file, text);
    String[] args = new String[options.length + 2];
    args[0] = "dump";
    args[1] = file.toString();
    System.arraycopy(options, 0, args, 2, options.length);
    return console.run(new FakeJvms(), args);
  }

  @Test
  public void saysWhereAndWhenTheDumpWasTaken() throws IOException {
    assertThat(dump(ONE_THREAD)).isEqualTo(0);
    assertThat(console.out())
        .startsWith(
            "JVM: OpenJDK 64-Bit Server VM (17.0.15+6 mixed mode)\ntaken: 2026-11-24 20:35:52\n"
                + "thread profile: 1 thread in 1 group, at "
                + LocalDateTime.parse("2026-11-24T20:35:52")
                    .atZone(ZoneId.systemDefault())
                    .toInstant());

    assertThat(dump(ONE_THREAD, "--json")).isEqualTo(0);
    assertThat(console.out()).startsWith("{\"format\":");
  }

  @Test
  public void findsADeadlock() throws IOException {
    assertThat(dump(DEADLOCK)).isEqualTo(1);

    assertThat(console.out()).contains("it is in a deadlock of 2 threads");
  }

  @Test
  public void profilesAllDumpsOfAFile() throws IOException {
    assertThat(dump(ONE_THREAD + DEADLOCK + ONE_THREAD)).isEqualTo(1);

    assertThat(
            console
                .out()
                .lines()
                .filter(line -> line.matches("(dump|taken|thread profile).*"))
                .map(line -> line.replaceAll(", at .*", ""))
                .toList())
        .containsExactly(
            "dump 1 of 3",
            "taken: 2026-11-24 20:35:52",
            "thread profile: 1 thread in 1 group",
            "dump 2 of 3",
            "taken: 2026-11-24 20:36:52",
            "thread profile: 2 threads in 2 groups",
            "dump 3 of 3",
            "taken: 2026-11-24 20:35:52",
            "thread profile: 1 thread in 1 group")
        .inOrder();
    assertThat(console.out()).contains("\n\ndump 2 of 3\n");
  }

  @Test
  public void profilesOnlyTheLastDumpIfAsked() throws IOException {
    assertThat(dump(DEADLOCK + ONE_THREAD, "--which", "last")).isEqualTo(0);
    assertThat(console.out()).startsWith("dump 2 of 2\nJVM: ");
    assertThat(console.out()).doesNotContain("deadlock");

    assertThat(dump(ONE_THREAD + DEADLOCK, "--which", "last")).isEqualTo(1);
  }

  @Test
  public void printsTheJsonOfEachDumpInALine() throws IOException {
    assertThat(dump(ONE_THREAD + DEADLOCK, "--json")).isEqualTo(1);

    List<String> lines = console.out().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).startsWith("{\"format\":");
    assertThat(lines.get(1)).contains("com.acme.Account");
  }

  @Test
  public void saysWhatIsWrongWithTheFile() throws IOException {
    assertThat(console.run(new FakeJvms(), "dump", "no-such-file")).isEqualTo(2);
    assertThat(console.err()).isEqualTo("no-such-file: there is no such file\n");

    assertThat(dump("hello\n")).isEqualTo(2);
    assertThat(console.err())
        .isEqualTo(
            file
                + ": line 1: no thread was found up to here; expected: output of jstack, jcmd"
                + " PID Thread.print, jcmd PID Thread.dump_to_file, VisualVM, or Spring Boot's"
                + " actuator\n");
  }

  @Test
  public void saysSoWhenADumpDoesNotFitIntoTheHeap() throws Exception {
    try (Writer out = Files.newBufferedWriter(file)) {
      out.write("Full thread dump OpenJDK 64-Bit Server VM (17.0.15+6 mixed mode):\n\n");
      for (int i = 0; i < 20_000; i++) {
        out.write("\"%s-%d\" #%d prio=5 tid=0x%x nid=0x1 runnable\n".formatted(NAME, i, i, i));
        out.write("   java.lang.Thread.State: RUNNABLE\n\tat com.acme.Shop.pay(Shop.java:7)\n\n");
      }
    }
    Process process =
        ForkedJvm.start(
            List.of("-Xmx16m", "-XX:+UseSerialGC"), DumpInSmallHeap.class, file.toString());
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertWithMessage(said).that(process.waitFor()).isEqualTo(2);
    assertThat(said)
        .matches(
            "\\Q%s\\E: too large for the 1\\d MB of heap that this JVM may use; give it more with java -Xmx8g\n"
                .formatted(file));
  }

  private static final String NAME = Strings.repeat("x", 2_000);

  static final class DumpInSmallHeap {
    public static void main(String[] args) {
      System.setErr(System.out);
      Main.main(new String[] {"dump", args[0]});
    }
  }
}
