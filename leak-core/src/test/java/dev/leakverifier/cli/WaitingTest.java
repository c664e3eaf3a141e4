package dev.leakverifier.cli;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import org.testng.annotations.Test;

public class WaitingTest {
  private static final Duration BRIEFLY = Duration.ofMillis(20);

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  public void countsDownOnATerminalAndWipesThatOut() throws InterruptedException {
    long start = System.nanoTime();
    Waiting.real(new PrintStream(err, false, UTF_8), /* terminal= */ true)
        .await(BRIEFLY, "until the next look");
    long waited = System.nanoTime() - start;

    String said = err.toString(UTF_8);
    assertThat(said).matches("(\r\\Quntil the next look: 1 s \\E)+\r {31}\r");
    assertThat(waited).isAtLeast(BRIEFLY.toNanos());
    err.reset();
  }

  @Test
  public void countsWholeSeconds() throws InterruptedException {
    Waiting.real(new PrintStream(err, false, UTF_8), /* terminal= */ true)
        .await(Duration.ofMillis(1_500), "waits");

    assertThat(err.toString(UTF_8)).matches("\rwaits: 2 s (\rwaits: 1 s )*\r {17}\r");
    err.reset();
  }

  @Test
  public void isSilentElsewhere() throws InterruptedException {
    long start = System.nanoTime();
    Waiting.real(new PrintStream(err, true, UTF_8), /* terminal= */ false)
        .await(BRIEFLY, "until the next look");

    assertThat(System.nanoTime() - start).isAtLeast(BRIEFLY.toNanos());
    assertThat(err.size()).isEqualTo(0);
  }
}
