package dev.leakverifier.check;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadSample;
import java.util.List;
import java.util.Set;
import org.testng.annotations.Test;

public class PatienceTest {
  private static final String AWAIT = "java.base/java.util.concurrent.CountDownLatch.await:230";

  private final Patience patience = new Patience();

  @Test
  public void knowsThreadsThatStandWhereOthersHaveOutlivedSeveralWaits() {
    ThreadSample one = waiting("known-1", "com.acme.Known.run:7");
    List<ThreadSample> next = List.of(waiting("known-2", "com.acme.Known.run:9"));

    assertThat(patience.hasSeen(next)).isFalse();
    patience.outlivedBy(List.of(one), Set.of());
    assertThat(patience.hasSeen(next)).isTrue();
    assertThat(patience.knows(next)).isFalse();
    patience.outlivedBy(List.of(one, waiting("known-3", "com.acme.Known.run:7")), Set.of());
    assertThat(patience.knows(next)).isTrue();
  }

  /** Two of one check are no two waits. */
  @Test
  public void countsWaitsAndNotThreads() {
    patience.outlivedBy(
        List.of(waiting("twin-1", "com.acme.Twin.run:7"), waiting("twin-2", "com.acme.Twin.run:7")),
        Set.of());

    assertThat(patience.knows(List.of(waiting("twin-3", "com.acme.Twin.run:7")))).isFalse();
  }

  @Test
  public void doesNotKnowWhatStandsElsewhereOrIsOfAnotherName() {
    makeKnown(waiting("stands", "com.acme.Stands.run:7"));

    assertThat(patience.knows(List.of(waiting("stands", "com.acme.Stands.close:7")))).isFalse();
    assertThat(patience.knows(List.of(waiting("strays", "com.acme.Stands.run:7")))).isFalse();
    assertThat(
            patience.knows(
                List.of(
                    waiting("stands", "com.acme.Stands.run:7"),
                    waiting("strays", "com.acme.Stands.run:7"))))
        .isFalse();
  }

  /** What is shut down is interrupted first: it may be about to end. */
  @Test
  public void doesNotKnowAThreadThatWasInterrupted() {
    ThreadSample told = waiting("told", "com.acme.Told.run:7");
    makeKnown(told);

    assertThat(patience.knows(List.of(Samples.interrupted(told)))).isFalse();
  }

  @Test
  public void hasSeenWhatMovesButNeverKnowsIt() {
    ThreadSample moving = waiting("moving", "com.acme.Moving.run:7");
    for (int wait = 0; wait < 5; wait++) {
      patience.outlivedBy(List.of(moving), Set.of(moving.id()));
    }

    assertThat(patience.hasSeen(List.of(moving))).isTrue();
    assertThat(patience.knows(List.of(moving))).isFalse();
  }

  private void makeKnown(ThreadSample thread) {
    for (int wait = 0; wait < 2; wait++) {
      patience.outlivedBy(List.of(thread), Set.of());
    }
    assertThat(patience.knows(List.of(thread))).isTrue();
  }

  private static ThreadSample waiting(String name, String frame) {
    return Samples.of(name, Thread.State.WAITING, AWAIT, frame);
  }
}
