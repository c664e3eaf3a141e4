package dev.leakverifier.check;

import static com.google.common.truth.Truth.assertThat;
import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

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
}
