package dev.leakverifier.thread;

import static com.google.common.truth.Truth.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.testng.annotations.Test;

public class LockHoldersTest {
  private static ThreadSample waiter(long id, long holder, Thread.State state) {
    return ThreadSample.builder(id, "t" + id, state)
        .lock(Optional.of(new ThreadLock("com.acme.Lock", "1f", OptionalLong.of(holder))))
        .build();
  }

  private static ThreadSample waiter(long id, long holder) {
    return waiter(id, holder, Thread.State.WAITING);
  }

  private static List<Long> ids(List<ThreadSample> threads) {
    return threads.stream().map(ThreadSample::id).toList();
  }

  @Test
  public void followsHoldersToTheOneThatWaitsForNone() {
    ThreadSample first = waiter(1, 2);
    ThreadSample running = Samples.of("running", Thread.State.RUNNABLE);
    ThreadSample second = waiter(2, running.id());
    LockHolders holders = LockHolders.among(List.of(first, second, running));

    assertThat(holders.of(first)).containsExactly(second, running).inOrder();
    assertThat(holders.of(running)).isEmpty();
    assertThat(holders.deadlocks()).isEmpty();
  }

  @Test
  public void findsEachDeadlockOnceAndFromItsFirstThread() {
    LockHolders holders =
        LockHolders.among(
            List.of(
                waiter(9, 3),
                waiter(1, 2),
                waiter(2, 3),
                waiter(3, 1),
                waiter(7, 8),
                waiter(8, 7)));

    assertThat(holders.deadlocks().stream().map(LockHoldersTest::ids))
        .containsExactly(List.of(1L, 2L, 3L), List.of(7L, 8L))
        .inOrder();
    assertThat(ids(holders.of(waiter(1, 2)))).containsExactly(2L, 3L, 1L).inOrder();
    assertThat(ids(holders.of(waiter(9, 3)))).containsExactly(3L, 1L, 2L).inOrder();
  }

  @Test
  public void takesNoLimitedTimeForADeadlock() {
    ThreadSample patient = waiter(1, 2);
    ThreadSample limited = waiter(2, 1, Thread.State.TIMED_WAITING);
    LockHolders holders = LockHolders.among(List.of(patient, limited));

    assertThat(holders.deadlocks()).isEmpty();
    assertThat(holders.of(patient)).containsExactly(limited);
    assertThat(holders.of(limited)).containsExactly(patient);
  }

  @Test
  public void findsACircleOfAnyLengthButFollowsHoldersOnlySoFar() {
    List<ThreadSample> circle = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      circle.add(waiter(i, (i + 1) % 1_000));
    }
    LockHolders holders = LockHolders.among(circle);

    assertThat(holders.deadlocks()).containsExactly(circle);
    assertThat(holders.of(circle.get(0))).hasSize(LockHolders.MOST);
  }
}
