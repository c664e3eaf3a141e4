package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static org.testng.Assert.expectThrows;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.blame.Timeline;
import dev.leakverifier.check.Check;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.LogCapture;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.testng.annotations.Test;

/** What {@code leak.action=..., interrupt} does to real threads. */
public class LeakInterruptTest {
  private record Named(String describe) implements LeakWatch.Window {
    @Override
    public Optional<List<LeakOption>> options() {
      return Optional.of(List.of());
    }
  }

  @Test
  public void endsWhatLeakedAfterTheReport() {
    LeakWatch<Named> run = watch("fail, interrupt");
    BlockedThread leaked = BlockedThread.start("leaked");

    LeakReport report = endOf(run).get(0);

    Uninterruptibles.joinUninterruptibly(leaked.thread());
    assertThat(report.threads()).hasSize(1);
    assertThat(report.threads().get(0).isInterrupted()).isFalse();
  }

  @Test
  public void endsWhatIsOnlyWarnedOf() {
    LeakWatch<Named> run = watch("warn,interrupt");
    BlockedThread leaked = BlockedThread.start("leaked");

    assertThat(endOf(run)).isEmpty();

    Uninterruptibles.joinUninterruptibly(leaked.thread());
  }

  @Test
  public void leavesAloneWhatIsIgnored() {
    LeakWatch<Named> run = watch("fail,interrupt");
    try (BlockedThread ignored = BlockedThread.start("ignored");
        BlockedThread leaked = BlockedThread.start("leaked")) {
      assertThat(endOf(run)).hasSize(1);

      Uninterruptibles.joinUninterruptibly(leaked.thread());
      assertThat(ignored.thread().isInterrupted()).isFalse();
      assertThat(ignored.thread().getState()).isEqualTo(Thread.State.WAITING);
    }
  }

  @Test
  public void interruptsNothingUnlessAsked() {
    LeakWatch<Named> run = watch("fail");
    try (BlockedThread leaked = BlockedThread.start("leaked")) {
      assertThat(endOf(run)).hasSize(1);

      assertThat(leaked.thread().getState()).isEqualTo(Thread.State.WAITING);
    }
  }

  @Test
  public void interruptsOnceAndSaysWhatDoesNotEnd() throws InterruptedException {
    AtomicInteger interrupts = new AtomicInteger();
    CountDownLatch end = new CountDownLatch(1);
    LeakWatch<Named> run = watch("fail,interrupt");
    Thread stubborn =
        new Thread(
            () -> {
              while (end.getCount() > 0) {
                try {
                  end.await();
                } catch (InterruptedException e) {
                  interrupts.incrementAndGet();
                }
              }
            },
            "stubborn");
    stubborn.start();
    try (LogCapture log = LogCapture.start()) {
      assertThat(endOf(run)).hasSize(1);

      assertThat(log.messages("WARN", LeakWatch.class.getName()))
          .containsExactly("interrupted, as leak.action says, but not ended: \"stubborn\"");
      assertThat(interrupts.get()).isEqualTo(1);
    } finally {
      end.countDown();
      stubborn.join();
    }
  }

  /** As one that closes something first, which may hang. */
  @Test
  public void outlastsAThreadThatDoesNotLetItselfBeInterrupted() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    LeakWatch<Named> run = watch("fail,interrupt");
    Thread hanging =
        new Thread(() -> Uninterruptibles.awaitUninterruptibly(end), "hanging") {
          @Override
          public void interrupt() {
            Uninterruptibles.awaitUninterruptibly(end);
          }
        };
    hanging.start();
    try {
      assertThat(endOf(run)).hasSize(1);
    } finally {
      end.countDown();
      hanging.join();
    }
  }

  @Test
  public void refusesWhatItCannotDoBoth() {
    assertThat(expectThrows(IllegalArgumentException.class, () -> watch("fail,warn")))
        .hasMessageThat()
        .isEqualTo(
            "leak.action = \"fail,warn\" (test) must be fail or warn, or one of them and"
                + " interrupt, comma-separated");
  }

  private static LeakWatch<Named> watch(String action) {
    LeakWatch<Named> watch =
        new LeakWatch<>(Check.JVM, Timeline.JVM, List.of(LeakVerifier.maxWait(Duration.ZERO)));
    watch.addOptions(
        LeakConfiguration.load("test", Map.of("leak.action", action, "leak.ignoreName", "ignored"))
            .options());
    return watch;
  }

  private static List<LeakReport> endOf(LeakWatch<Named> run) {
    run.appearedIn(new Named("ShopTest.pays"));
    List<LeakReport> failing = run.judge(any -> true).stream().map(LeakWatch.Leak::report).toList();
    run.close();
    return failing;
  }
}
