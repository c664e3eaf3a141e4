package dev.leakverifier.origin;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.thread.ThreadOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.testng.annotations.Test;

public class StartHistoryTest {
  private static final StackTraceElement FRAME =
      new StackTraceElement("com.acme.Pool", "grow", "Pool.java", 7);

  private final StartHistory history = new StartHistory();

  @Test
  public void dropsWhatBelongsToThreadsThatHaveEnded() {
    history.add(starts(1, 100), Set::of);
    for (long id = 101; id < 1_000_000; id += 1_000) {
      history.add(starts(id, 1_000), () -> Set.of(50L));
    }
    assertThat(history.size()).isAtMost(2 * StartHistory.MAX_GROWTH);
    assertThat(history.originOf(50)).isPresent();
    assertThat(history.originOf(51)).isEmpty();
  }

  @Test
  public void keepsTheEndedOnesThatLedToALiveOne() {
    history.add(List.of(start(2, 1), start(3, 2), start(4, 3)), Set::of);
    history.add(starts(100, StartHistory.MAX_GROWTH), () -> Set.of(4L));
    history.add(starts(1_000_000, StartHistory.MAX_GROWTH + 1), () -> Set.of(4L));

    List<Long> line = new ArrayList<>();
    Optional<ThreadOrigin> origin = history.originOf(4);
    while (origin.isPresent()) {
      line.add(origin.get().starterId());
      origin = origin.get().starterOrigin();
    }
    assertThat(line).containsExactly(3L, 2L, 1L).inOrder();
  }

  @Test
  public void followsARelayOnlySoFar() {
    List<ThreadStart> relay = new ArrayList<>();
    for (long id = 2; id < 5 * StartHistory.MAX_GROWTH; id++) {
      relay.add(start(id, id - 1));
    }
    history.add(relay, Set::of);
    history.add(starts(1_000_000, StartHistory.MAX_GROWTH + 1), () -> Set.of(40_000L));

    int length = 0;
    Optional<ThreadOrigin> origin = history.originOf(40_000);
    while (origin.isPresent()) {
      length++;
      origin = origin.get().starterOrigin();
    }
    assertThat(length).isEqualTo(StartHistory.MAX_GENERATIONS);
    assertThat(history.size()).isAtMost(2 * StartHistory.MAX_GROWTH + 2);
  }

  @Test
  public void keepsEqualStacksOnce() {
    history.add(List.of(start(2, 1), start(3, 1)), Set::of);
    assertThat(history.originOf(2).get().frames())
        .isSameInstanceAs(history.originOf(3).get().frames());
  }

  private static List<ThreadStart> starts(long firstId, int count) {
    List<ThreadStart> starts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      starts.add(start(firstId + i, 0));
    }
    return starts;
  }

  private static ThreadStart start(long id, long starterId) {
    return new ThreadStart(id, starterId, "starter", List.of(FRAME));
  }
}
