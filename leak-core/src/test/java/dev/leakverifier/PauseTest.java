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
  public void spendsAtMostHalfOfTheTimeInDumps() {
    long slow = MILLISECONDS.toNanos(240);
    assertThat(Pause.nanosBeforeNextDump(0, slow)).isEqualTo(slow);
    assertThat(Pause.nanosBeforeNextDump(9, slow)).isEqualTo(slow);
    assertThat(Pause.nanosBeforeNextDump(9, DAYS.toNanos(1))).isEqualTo(DAYS.toNanos(1));
  }

  @Test
  public void looksOftenWhereADumpIsQuick() {
    long quick = MILLISECONDS.toNanos(3);
    assertThat(Pause.nanosBeforeNextDump(0, quick)).isEqualTo(quick);
    assertThat(Pause.nanosBeforeNextDump(3, quick)).isEqualTo(MILLISECONDS.toNanos(8));
    assertThat(Pause.nanosBeforeNextDump(9, quick)).isEqualTo(MILLISECONDS.toNanos(30));
    assertThat(Pause.nanosBeforeNextDump(0, 0)).isEqualTo(MILLISECONDS.toNanos(1));
    assertThat(Pause.nanosBeforeNextDump(9, 0)).isEqualTo(MILLISECONDS.toNanos(10));
  }

  @Test
  public void sleepsTheWholeTimeForAThreadThatCannotBeJoined() throws InterruptedException {
    long start = System.nanoTime();
    Pause.JOINING.untilEnded(List.of(new LiveThread(7, null)), MILLISECONDS.toNanos(20));

    assertThat(System.nanoTime() - start).isAtLeast(MILLISECONDS.toNanos(20));
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
