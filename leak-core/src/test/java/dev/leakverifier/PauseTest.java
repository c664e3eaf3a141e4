package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.testng.Assert.expectThrows;

import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.thread.LiveThread;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.testng.annotations.Test;

public class PauseTest {
  @Test
  public void looksAgainAfter1MsAtFirstAndAfter100MsAtLast() {
    assertThat(MILLISECONDS.convert(Duration.ofNanos(Pause.nanosBeforeNextLook(0)))).isEqualTo(1);
    assertThat(MILLISECONDS.convert(Duration.ofNanos(Pause.nanosBeforeNextLook(6)))).isEqualTo(64);
    for (int attempt : new int[] {7, 8, 31, 32, 64, Integer.MAX_VALUE}) {
      assertThat(Pause.nanosBeforeNextLook(attempt)).isEqualTo(MILLISECONDS.toNanos(100));
    }
  }

  @Test
  public void returnsAsSoonAsTheLastThreadEnds() throws InterruptedException {
    BlockedThread one = BlockedThread.start("one");
    BlockedThread two = BlockedThread.start("two");
    one.release();
    two.release();

    Pause.JOINING.untilEnded(live(one, two), DAYS.toNanos(1));

    assertThat(one.thread().isAlive() || two.thread().isAlive()).isFalse();
  }

  @Test
  public void returnsWhenTheTimeIsOver() throws InterruptedException {
    try (BlockedThread staying = BlockedThread.start("staying")) {
      Pause.JOINING.untilEnded(live(staying), MILLISECONDS.toNanos(1));

      assertThat(staying.thread().isAlive()).isTrue();
    }
  }

  @Test
  public void canBeInterrupted() {
    try (BlockedThread staying = BlockedThread.start("staying")) {
      Thread.currentThread().interrupt();
      expectThrows(
          InterruptedException.class,
          () -> Pause.JOINING.untilEnded(live(staying), DAYS.toNanos(1)));
    }
  }

  private static List<LiveThread> live(BlockedThread... threads) {
    return Arrays.stream(threads).map(BlockedThread::thread).map(LiveThread::of).toList();
  }
}
