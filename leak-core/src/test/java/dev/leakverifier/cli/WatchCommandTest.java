package dev.leakverifier.cli;

import static com.google.common.truth.Truth.assertThat;
import static dev.leakverifier.cli.FakeJvms.waiting;

import java.time.Duration;
import java.util.Collections;
import org.testng.annotations.Test;

public class WatchCommandTest {
  private final FakeConsole console = new FakeConsole();

  @Test
  public void warnsOnceOfGrowthThatStaysAndAgainWhenItGetsWorse() {
    FakeJvms jvms =
        new FakeJvms(waiting(0), waiting(12), waiting(13), waiting(14), waiting(25), waiting(25));

    assertThat(console.run(jvms, "watch", "7", "--every", "1s", "--growth", "10", "--for", "5s"))
        .isEqualTo(1);

    assertThat(console.waits()).isEqualTo(Collections.nCopies(5, Duration.ofSeconds(1)));
    assertThat(console.out().lines().filter(line -> line.contains(" @ ")).toList())
        .containsExactly("+13 @ \"order-*\"   WAITING", "+25 @ \"order-*\"   WAITING")
        .inOrder();
  }

  @Test
  public void takesABurstThatDrainsForNoGrowth() {
    FakeJvms jvms = new FakeJvms(waiting(0), waiting(50), waiting(0), waiting(50), waiting(0));

    assertThat(console.run(jvms, "watch", "7", "--every", "1s", "--growth", "10", "--for", "4s"))
        .isEqualTo(0);
    assertThat(console.out()).isEmpty();
  }

  @Test
  public void saysWhatItIsDoingAndWhatItFound() {
    FakeJvms jvms = new FakeJvms(waiting(1), waiting(8), waiting(3));

    console.run(jvms, "watch", "7", "--every", "500ms", "--for", "1s");

    assertThat(console.err())
        .isEqualTo(
            """
            watching JVM 7: 1 thread; a sample every 500 ms, until 1 s have passed
            reports kinds of threads that have grown by 100 or more in two samples in a row
            3 samples, 3 threads at the last one; no kind grew by 100 and stayed there
            """);
    assertThat(console.waitedFor())
        .containsExactly(
            "1 thread, at most +0 of a kind; next sample in",
            "8 threads, at most +7 of a kind; next sample in")
        .inOrder();
  }

  @Test
  public void endsWhenTheWatchedJvmEnds() {
    assertThat(console.run(new FakeJvms(waiting(0), waiting(1)), "watch", "7")).isEqualTo(0);

    assertThat(console.err())
        .isEqualTo(
            """
            watching JVM 7: 0 threads; a sample every 10 s, until the JVM ends or you press Ctrl-C
            reports kinds of threads that have grown by 100 or more in two samples in a row
            JVM 7 has ended or no longer answers: gone
            2 samples, 1 thread at the last one; no kind grew by 100 and stayed there
            """);
  }

  @Test
  public void remembersWhatItHasFoundWhenTheWatchedJvmEnds() {
    assertThat(console.run(new FakeJvms(waiting(0), waiting(100), waiting(100)), "watch", "7"))
        .isEqualTo(1);

    assertThat(console.err())
        .endsWith("3 samples, 100 threads at the last one; growth was found\n");
  }

  @Test
  public void endsWhenItIsInterrupted() {
    Waiting interrupted =
        (time, what) -> {
          throw new InterruptedException();
        };

    assertThat(console.run(new FakeJvms(waiting(0)), interrupted, "watch", "7")).isEqualTo(0);
    assertThat(Thread.interrupted()).isTrue();
  }
}
