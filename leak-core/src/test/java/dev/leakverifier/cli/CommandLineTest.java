package dev.leakverifier.cli;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static dev.leakverifier.testing.Golden.assertGolden;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leakverifier.profile.ThreadProfile;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadSample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class CommandLineTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<Duration> waits = new ArrayList<>();

  @Test
  public void printsHelpThatFitsAScreen() {
    assertThat(run(new FakeJvms(), "--help")).isEqualTo(0);

    assertGolden(getClass(), "help.txt", out.toString(UTF_8).stripTrailing());
    assertThat(out.toString(UTF_8).lines().count()).isAtMost(24);
    assertThat(out.toString(UTF_8).lines().mapToInt(String::length).max().getAsInt()).isAtMost(100);
  }

  @DataProvider
  Object[][] mistakes() {
    return new Object[][] {
      {"a command is missing", new String[] {}},
      {
        "there is no command \"prof\"; there are list, profile, diff, watch and dump",
        new String[] {"prof", "1"}
      },
      {"PID is missing", new String[] {"profile"}},
      {"\"2\" is one word too many", new String[] {"profile", "1", "2"}},
      {
        "PID (\"x\") must be the number of a process; list shows those of JVMs",
        new String[] {"profile", "x"}
      },
      {
        "--secs is no option of this command; it takes --seconds, --growth, --json",
        new String[] {"diff", "1", "--secs", "3"}
      },
      {"--seconds wants a value", new String[] {"diff", "1", "--seconds"}},
      {
        "--seconds (\"-1\") must be a time such as 30, 30s, 500ms, 5m or 1h",
        new String[] {"diff", "1", "--seconds", "-1"}
      },
      {
        "--growth (\"0\") must be a whole number of at least 1",
        new String[] {"watch", "1", "--growth", "0"}
      },
      {"watch does not take --json: use diff", new String[] {"watch", "1", "--json"}},
      {
        "--for (5.0 s) must be at least --every (10.0 s)",
        new String[] {"watch", "1", "--for", "5s"}
      },
      {"no-such-file: there is no such file", new String[] {"dump", "no-such-file"}},
    };
  }

  @Test(dataProvider = "mistakes")
  public void saysWhatIsWrongWithTheWords(String message, String[] args) {
    assertThat(run(new FakeJvms(), args)).isEqualTo(2);

    assertThat(err.toString(UTF_8).lines().toList())
        .containsExactly(message, "--help tells more")
        .inOrder();
    assertThat(out.size()).isEqualTo(0);
  }

  @Test
  public void endsWithThreeWhereTheJvmCannotBeLookedInto() {
    assertThat(run(new FakeJvms(), "profile", "7")).isEqualTo(3);

    assertThat(err.toString(UTF_8)).isEqualTo("gone\n");
  }

  @Test
  public void listsJvms() {
    assertThat(run(new FakeJvms(), "list")).isEqualTo(0);
    assertThat(out.toString(UTF_8)).isEqualTo("7 com.acme.Shop --name caf\u00e9\n");

    out.reset();
    assertThat(run(new FakeJvms(), "list", "--json")).isEqualTo(0);
    assertThat(out.toString(UTF_8))
        .isEqualTo("[{\"pid\":7,\"name\":\"com.acme.Shop --name caf\\u00e9\"}]\n");
  }

  @Test
  public void saysThatThereIsNoOtherJvm() {
    FakeJvms alone =
        new FakeJvms() {
          @Override
          List<Jvm> list() {
            return List.of();
          }
        };

    assertThat(run(alone, "list")).isEqualTo(0);
    assertThat(out.size()).isEqualTo(0);
    assertThat(err.toString(UTF_8)).isEqualTo("there is no other JVM of this user\n");
  }

  @Test
  public void showsWhatThreadsDo() {
    assertThat(run(new FakeJvms(waiting(2)), "profile", "7")).isEqualTo(0);
    assertThat(out.toString(UTF_8)).contains("\n2 @ \"order-*\"   WAITING\n");

    assertThat(run(new FakeJvms(waiting(2)), "profile", "7", "--json")).isEqualTo(0);
    assertThat(out.toString(UTF_8)).startsWith("{\"format\":");
  }

  @Test
  public void findsWhatHasGrown() {
    FakeJvms jvms = new FakeJvms(waiting(1), waiting(6));

    assertThat(run(jvms, "diff", "7", "--seconds", "5m", "--growth", "5")).isEqualTo(1);

    assertThat(waits).containsExactly(Duration.ofMinutes(5));
    assertThat(out.toString(UTF_8)).contains("\n+5 @ \"order-*\"   WAITING\n");
  }

  @Test
  public void takesLittleGrowthForNone() {
    assertThat(run(new FakeJvms(waiting(1), waiting(5)), "diff", "7", "--growth", "5"))
        .isEqualTo(0);
  }

  @Test
  public void warnsOnceOfGrowthThatStaysAndAgainWhenItGetsWorse() {
    FakeJvms jvms =
        new FakeJvms(waiting(0), waiting(12), waiting(13), waiting(14), waiting(25), waiting(25));

    assertThat(run(jvms, "watch", "7", "--every", "1s", "--growth", "10", "--for", "5s"))
        .isEqualTo(1);

    assertThat(waits).isEqualTo(Collections.nCopies(5, Duration.ofSeconds(1)));
    assertThat(out.toString(UTF_8).lines().filter(line -> line.contains(" @ ")).toList())
        .containsExactly("+13 @ \"order-*\"   WAITING", "+25 @ \"order-*\"   WAITING")
        .inOrder();
  }

  @Test
  public void takesABurstThatDrainsForNoGrowth() {
    FakeJvms jvms = new FakeJvms(waiting(0), waiting(50), waiting(0), waiting(50), waiting(0));

    assertThat(run(jvms, "watch", "7", "--every", "1s", "--growth", "10", "--for", "4s"))
        .isEqualTo(0);
    assertThat(out.size()).isEqualTo(0);
  }

  @Test
  public void endsWhenTheWatchedJvmEnds() {
    assertThat(run(new FakeJvms(waiting(0), waiting(1)), "watch", "7")).isEqualTo(0);

    assertThat(err.toString(UTF_8)).isEqualTo("the JVM 7 has ended, or does not answer: gone\n");
  }

  @Test
  public void remembersWhatItHasFoundWhenTheWatchedJvmEnds() {
    FakeJvms jvms = new FakeJvms(waiting(0), waiting(100), waiting(100));

    assertThat(run(jvms, "watch", "7")).isEqualTo(1);
  }

  @Test
  public void endsWhenItIsInterrupted() {
    CommandLine command =
        new CommandLine(
            new FakeJvms(waiting(0)),
            (time, what) -> {
              throw new InterruptedException();
            },
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8));

    assertThat(command.run(List.of("watch", "7"))).isEqualTo(0);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  public void saysOfASavedDumpWhereAndWhenItWasTaken() throws IOException {
    Path file = Files.createTempFile("threads", ".txt");
    try {
      Files.writeString(
          file,
          """
          2026-11-24 20:35:52
          Full thread dump OpenJDK 64-Bit Server VM (17.0.15+6 mixed mode):

          "a" #12 prio=5 os_prio=0 cpu=1.00ms elapsed=3.00s tid=0x01 nid=0x1 runnable  [0x1]
             java.lang.Thread.State: RUNNABLE
          \tat com.acme.Shop.pay(Shop.java:7)

          """);

      assertThat(run(new FakeJvms(), "dump", file.toString())).isEqualTo(0);
      assertThat(out.toString(UTF_8))
          .startsWith(
              "JVM: OpenJDK 64-Bit Server VM (17.0.15+6 mixed mode)\ntaken: 2026-11-24 20:35:52\n");

      assertThat(run(new FakeJvms(), "dump", file.toString(), "--json")).isEqualTo(0);
      assertThat(out.toString(UTF_8)).startsWith("{\"format\":");
    } finally {
      Files.delete(file);
    }
  }

  @Test
  public void findsADeadlockInASavedDump() throws IOException {
    Path file = Files.createTempFile("threads", ".txt");
    try {
      Files.writeString(
          file,
          """
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

          """);

      assertThat(run(new FakeJvms(), "dump", file.toString())).isEqualTo(1);

      assertThat(out.toString(UTF_8)).contains("it is in a deadlock of 2 threads");
    } finally {
      Files.delete(file);
    }
  }

  /** From the outside, as a person would. */
  @Test
  public void looksIntoAnotherJvm() throws Exception {
    try (OtherJvm other = OtherJvm.start()) {
      Process command =
          OtherJvm.java(
              "--add-exports",
              "jdk.attach/sun.tools.attach=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              Main.class.getName(),
              "profile",
              Long.toString(other.pid()));
      String printed = new String(command.getInputStream().readAllBytes(), UTF_8);

      assertWithMessage("%s", printed).that(command.waitFor()).isEqualTo(0);
      assertThat(printed).contains("\n300 @ \"order-*\"   WAITING\n");
      assertThat(printed).contains("it waits for a CountDownLatch that is not counted down");
      if (Runtime.version().feature() >= 21) {
        assertThat(printed).contains("\n3 @ \"left-*\"   virtual, WAITING\n");
      }
      assertThat(printed).doesNotContain("not seen");
    }
  }

  private int run(Jvms jvms, String... args) {
    PrintStream printed = new PrintStream(out, true, UTF_8);
    PrintStream said = new PrintStream(err, true, UTF_8);
    out.reset();
    err.reset();
    waits.clear();
    return new CommandLine(jvms, (time, what) -> waits.add(time), printed, said).run(List.of(args));
  }

  private static ThreadProfile waiting(int count) {
    List<ThreadSample> threads =
        IntStream.range(0, count)
            .mapToObj(
                i -> Samples.of("order-" + i, Thread.State.WAITING, "com.acme.Orders.await:31"))
            .toList();
    return ThreadProfile.of(Instant.EPOCH, threads, List.of());
  }

  private static class FakeJvms extends Jvms {
    private final List<ThreadProfile> profiles;

    FakeJvms(ThreadProfile... profiles) {
      this.profiles = new ArrayList<>(List.of(profiles));
    }

    @Override
    List<Jvm> list() {
      return List.of(new Jvm(7, "com.acme.Shop --name caf\u00e9"));
    }

    @Override
    ThreadProfile profile(long pid) throws CommandException {
      if (profiles.isEmpty()) {
        throw CommandException.cannotAttach("gone");
      }
      return profiles.remove(0);
    }
  }
}
