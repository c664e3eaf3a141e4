package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.testng.Assert.expectThrows;

import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.testing.BlockedThread;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class PauseTest {
  @Test
  public void waitsAsLongAgainBetween1MsAnd1S() {
    assertThat(Pause.nanosBeforeNextLook(0, 0)).isEqualTo(MILLISECONDS.toNanos(1));
    assertThat(Pause.nanosBeforeNextLook(MILLISECONDS.toNanos(64), 0))
        .isEqualTo(MILLISECONDS.toNanos(64));
    assertThat(Pause.nanosBeforeNextLook(DAYS.toNanos(1), 0)).isEqualTo(SECONDS.toNanos(1));
  }

  @Test
  public void looksSeldomWhereALookTakesLong() {
    long look = MICROSECONDS.toNanos(100);
    assertThat(Pause.nanosBeforeNextLook(0, look)).isEqualTo(MILLISECONDS.toNanos(40));
    assertThat(Pause.nanosBeforeNextLook(MILLISECONDS.toNanos(64), look))
        .isEqualTo(MILLISECONDS.toNanos(64));
    assertThat(Pause.nanosBeforeNextLook(0, DAYS.toNanos(1))).isEqualTo(MILLISECONDS.toNanos(100));
    assertThat(Pause.nanosBeforeNextLook(0, Long.MAX_VALUE)).isEqualTo(MILLISECONDS.toNanos(100));
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
    Pause.JOINING.untilEnded(List.of(new LiveThread(7, null)), Set.of(), MILLISECONDS.toNanos(20));

    assertThat(System.nanoTime() - start).isAtLeast(MILLISECONDS.toNanos(20));
  }

  @Test
  public void returnsAsSoonAsTheLastThreadEnds() throws InterruptedException {
    BlockedThread one = BlockedThread.start("one");
    BlockedThread two = BlockedThread.start("two");
    one.release();
    two.release();

    Pause.JOINING.untilEnded(live(one, two), Set.of(), DAYS.toNanos(1));

    assertThat(one.thread().isAlive() || two.thread().isAlive()).isFalse();
  }

  @Test
  public void returnsWhenTheTimeIsOver() throws InterruptedException {
    try (BlockedThread staying = BlockedThread.start("staying")) {
      Pause.JOINING.untilEnded(live(staying), Set.of(), MILLISECONDS.toNanos(1));

      assertThat(staying.thread().isAlive()).isTrue();
    }
  }

  @DataProvider
  Object[][] waits() {
    return new Object[][] {{Pause.SHORT, 1 + Pause.YIELDS + 10}, {MILLISECONDS.toNanos(50), 1}};
  }

  /** Looks are counted, since no test has a stopwatch: however long the wait, they are as many. */
  @Test(dataProvider = "waits")
  public void doesNotKeepLookingWhileItWaits(long nanos, int most) throws InterruptedException {
    AtomicInteger looks = new AtomicInteger();
    try (BlockedThread staying = BlockedThread.start("staying")) {
      Collection<LiveThread> counted =
          new AbstractList<>() {
            @Override
            public LiveThread get(int index) {
              looks.incrementAndGet();
              return LiveThread.of(staying.thread());
            }

            @Override
            public int size() {
              return 1;
            }
          };
      Pause.JOINING.untilEnded(counted, Set.of(), nanos);
    }
    assertThat(looks.get()).isAtMost(most);
  }

  @DataProvider
  Object[][] shortAndLong() {
    return new Object[][] {{Pause.SHORT}, {DAYS.toNanos(1)}};
  }

  @Test(dataProvider = "shortAndLong")
  public void canBeInterrupted(long nanos) {
    try (BlockedThread staying = BlockedThread.start("staying")) {
      Thread.currentThread().interrupt();
      expectThrows(
          InterruptedException.class,
          () -> Pause.JOINING.untilEnded(live(staying), Set.of(), nanos));
    }
  }

  private static List<LiveThread> live(BlockedThread... threads) {
    return Arrays.stream(threads).map(BlockedThread::thread).map(LiveThread::of).toList();
  }
}
