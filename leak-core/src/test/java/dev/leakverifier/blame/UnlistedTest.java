package dev.leakverifier.blame;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.jvm.ThreadClock;
import java.util.Map;
import java.util.Optional;
import org.testng.annotations.Test;

/** Which window virtual threads were made in that were never listed while it was open. */
public class UnlistedTest {
  private static final Optional<String> LATER = Optional.of("later");

  private final ThreadClock start = new ThreadClock(10, 0, 0);

  @Test
  public void tellsByTheIdInWhichWindowAThreadWasMade() {
    Unlisted<String> unlisted = new Unlisted<>(start);
    note(unlisted, new ThreadClock(20, 1, 1), "first");
    note(unlisted, new ThreadClock(30, 2, 2), "second");

    assertThat(unlisted.windowOf(11, LATER)).isEqualTo(Optional.of("first"));
    assertThat(unlisted.windowOf(20, LATER)).isEqualTo(Optional.of("first"));
    assertThat(unlisted.windowOf(21, LATER)).isEqualTo(Optional.of("second"));
    assertThat(unlisted.windowOf(31, LATER)).isEqualTo(LATER);
  }

  @Test
  public void keepsNoWindowInWhichNoVirtualThreadWasStarted() {
    Unlisted<String> unlisted = new Unlisted<>(start);
    note(unlisted, new ThreadClock(20, 0, 1), "others went on");
    note(unlisted, new ThreadClock(30, 9, 0), "platform threads were made");
    assertThat(unlisted.windows()).isEmpty();

    note(unlisted, new ThreadClock(40, 10, 1), "one was started");
    assertThat(unlisted.windows()).isEqualTo(Map.of(40L, "one was started"));
  }

  @Test
  public void keepsThoseOfWhichItIsNotKnownWhetherOneRuns() {
    Unlisted<String> unlisted = new Unlisted<>(new ThreadClock(10, 0, -1));
    note(unlisted, new ThreadClock(20, 1, -1), "one may run");

    assertThat(unlisted.windows()).isEqualTo(Map.of(20L, "one may run"));
  }

  @Test
  public void nobodyAnswersForWhatWasMadeInNoWindow() {
    Unlisted<String> unlisted = new Unlisted<>(start);
    assertThat(unlisted.note(new ThreadClock(20, 1, 1))).isTrue();
    note(unlisted, new ThreadClock(30, 2, 2), "second");

    assertThat(unlisted.windowOf(15, LATER)).isEqualTo(Optional.empty());
    assertThat(unlisted.windows()).isEqualTo(Map.of(30L, "second"));
  }

  @Test
  public void forgetsAllOnceTheyAreListed() {
    Unlisted<String> unlisted = new Unlisted<>(start);
    note(unlisted, new ThreadClock(20, 1, 1), "first");
    unlisted.listed(new ThreadClock(25, 2, 2));

    assertThat(unlisted.windows()).isEmpty();
    assertThat(unlisted.note(new ThreadClock(30, 2, 2))).isFalse();
  }

  @Test
  public void isBoundedWhereThereIsNoListing() {
    Unlisted<String> unlisted = new Unlisted<>(start);
    for (int i = 1; i <= 10_000; i++) {
      note(unlisted, new ThreadClock(10L * i, i, i), "test " + i);
    }
    assertThat(unlisted.size()).isAtMost(2_000);
    assertThat(unlisted.windowOf(99_999, LATER)).isEqualTo(Optional.of("test 10000"));
  }

  private static void note(Unlisted<String> unlisted, ThreadClock now, String window) {
    if (unlisted.note(now)) {
      unlisted.areOf(window);
    }
  }
}
