package dev.leakverifier.check;

import static com.google.common.truth.Truth.assertThat;
import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.HeldMonitor;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class NapsTest {
  private static final Pause NAPS = new Naps();

  @Test
  public void waitsTheWholeTimeForAThreadWhoseEndItCannotSee() {
    long start = System.nanoTime();
    NAPS.untilEnded(List.of(new LiveThread(7, null)), MILLISECONDS.toNanos(20));

    assertThat(System.nanoTime() - start).isAtLeast(MILLISECONDS.toNanos(20));
  }

  @Test
  public void returnsWhenTheLastThreadHasEnded() {
    BlockedThread one = BlockedThread.start("one");
    BlockedThread two = BlockedThread.start("two");
    one.release();
    two.release();

    NAPS.untilEnded(live(one, two), DAYS.toNanos(1));

    assertThat(one.thread().isAlive() || two.thread().isAlive()).isFalse();
  }

  @DataProvider
  Object[][] shortAndLong() {
    return new Object[][] {{MILLISECONDS.toNanos(1)}, {MILLISECONDS.toNanos(20)}};
  }

  @Test(dataProvider = "shortAndLong")
  public void returnsWhenTheTimeIsOver(long nanos) {
    try (BlockedThread staying = BlockedThread.start("staying")) {
      NAPS.untilEnded(live(staying), nanos);

      assertThat(staying.thread().isAlive()).isTrue();
    }
  }

  @Test(dataProvider = "shortAndLong")
  public void returnsThoughSomebodyElseHoldsTheMonitorOfTheThread(long nanos) {
    try (BlockedThread staying = BlockedThread.start("staying");
        HeldMonitor held = HeldMonitor.of(staying.thread())) {
      NAPS.untilEnded(live(staying), nanos);

      assertThat(held.isHeld()).isTrue();
    }
  }

  @Test
  public void napsGrowToAMillisecond() {
    assertThat(
            IntStream.range(0, 5)
                .mapToLong(Naps::nanosOf)
                .map(TimeUnit.NANOSECONDS::toMicros)
                .toArray())
        .isEqualTo(new long[] {50, 200, 800, 1_000, 1_000});
    assertThat(Naps.nanosOf(Integer.MAX_VALUE)).isEqualTo(MILLISECONDS.toNanos(1));
  }

  /** Looks are counted, since no test has a stopwatch; a machine that is busy takes fewer. */
  @Test
  public void looksAtMostOnceAMillisecond() {
    AtomicInteger looks = new AtomicInteger();
    try (BlockedThread staying = BlockedThread.start("staying")) {
      List<LiveThread> counted =
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
      NAPS.untilEnded(counted, MILLISECONDS.toNanos(50));
    }
    assertThat(looks.get()).isAtMost(2 * (50 + 3)); // two before each nap
  }

  @Test(dataProvider = "shortAndLong")
  public void isNotCutShortByAnInterruptAndRestoresIt(long nanos) {
    try (BlockedThread staying = BlockedThread.start("staying")) {
      Thread.currentThread().interrupt();
      long start = System.nanoTime();
      NAPS.untilEnded(live(staying), nanos);

      assertThat(System.nanoTime() - start).isAtLeast(nanos);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static List<LiveThread> live(BlockedThread... threads) {
    return Arrays.stream(threads).map(BlockedThread::thread).map(LiveThread::of).toList();
  }
}
