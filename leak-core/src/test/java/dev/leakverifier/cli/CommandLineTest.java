package dev.leakverifier.cli;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static dev.leakverifier.cli.FakeJvms.waiting;
import static dev.leakverifier.testing.Golden.assertGolden;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class CommandLineTest {
  private final FakeConsole console = new FakeConsole();

  @Test
  public void printsHelpThatFitsAScreen() {
    assertThat(console.run(new FakeJvms(), "--help")).isEqualTo(0);

    assertGolden(getClass(), "help.txt", console.out().stripTrailing());
    assertThat(console.out().lines().count()).isAtMost(24);
    assertThat(console.out().lines().mapToInt(String::length).max().getAsInt()).isAtMost(100);
  }

  @DataProvider
  Object[][] mistakes() {
    return new Object[][] {
      {"no command given; expected list, profile, diff, watch or dump", new String[] {}},
      {
        "unknown command \"prof\"; expected list, profile, diff, watch or dump",
        new String[] {"prof", "1"}
      },
      {"no PID given", new String[] {"profile"}},
      {"unexpected argument \"2\"", new String[] {"profile", "1", "2"}},
      {
        "PID (\"x\") must be a process id; list shows those of all JVMs",
        new String[] {"profile", "x"}
      },
      {
        "unknown option --secs; this command takes --seconds, --growth, --virtual, --json",
        new String[] {"diff", "1", "--secs", "3"}
      },
      {"--seconds needs a value", new String[] {"diff", "1", "--seconds"}},
      {
        "--seconds (\"-1\") must be a time such as 30, 30s, 500ms, 5m or 1h",
        new String[] {"diff", "1", "--seconds", "-1"}
      },
      {
        "--growth (\"0\") must be a whole number, at least 1",
        new String[] {"watch", "1", "--growth", "0"}
      },
      {"watch prints no JSON; use diff --json", new String[] {"watch", "1", "--json"}},
      {
        "--for (5 s) must not be shorter than --every (10 s)",
        new String[] {"watch", "1", "--for", "5s"}
      },
      {
        "--virtual (\"never\") must be auto or always",
        new String[] {"profile", "1", "--virtual", "never"}
      },
      {"--which (\"first\") must be all or last", new String[] {"dump", "x", "--which", "first"}},
    };
  }

  @Test(dataProvider = "mistakes")
  public void saysWhatIsWrongWithTheWords(String message, String[] args) {
    assertThat(console.run(new FakeJvms(), args)).isEqualTo(2);

    assertThat(console.err().lines().toList()).containsExactly(message, "try --help").inOrder();
    assertThat(console.out()).isEmpty();
  }

  @Test
  public void endsWithThreeWhereTheJvmCannotBeLookedInto() {
    assertThat(console.run(new FakeJvms(), "profile", "7")).isEqualTo(3);

    assertThat(console.err()).isEqualTo("gone\n");
  }

  @Test
  public void listsJvms() {
    assertThat(console.run(new FakeJvms(), "list")).isEqualTo(0);
    assertThat(console.out()).isEqualTo("7 com.acme.Shop --name caf\u00e9\n");

    assertThat(console.run(new FakeJvms(), "list", "--json")).isEqualTo(0);
    assertThat(console.out())
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

    assertThat(console.run(alone, "list")).isEqualTo(0);
    assertThat(console.out()).isEmpty();
    assertThat(console.err()).isEqualTo("this user runs no other JVM\n");
  }

  @Test
  public void showsWhatThreadsDo() {
    assertThat(console.run(new FakeJvms(waiting(2)), "profile", "7")).isEqualTo(0);
    assertThat(console.out()).contains("\n2 @ \"order-*\"   WAITING\n");

    assertThat(console.run(new FakeJvms(waiting(2)), "profile", "7", "--json")).isEqualTo(0);
    assertThat(console.out()).startsWith("{\"format\":");
  }

  @Test
  public void findsWhatHasGrown() {
    FakeJvms jvms = new FakeJvms(waiting(1), waiting(6));

    assertThat(console.run(jvms, "diff", "7", "--seconds", "5m", "--growth", "5")).isEqualTo(1);

    assertThat(console.waits()).containsExactly(Duration.ofMinutes(5));
    assertThat(console.out()).contains("\n+5 @ \"order-*\"   WAITING\n");
  }

  @Test
  public void takesLittleGrowthForNone() {
    assertThat(console.run(new FakeJvms(waiting(1), waiting(5)), "diff", "7", "--growth", "5"))
        .isEqualTo(0);
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
              Long.toString(other.pid()),
              "--virtual",
              "always");
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
}
