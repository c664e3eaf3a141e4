package dev.leakverifier.jvm;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.jvm.ThreadSource.Sampling;
import dev.leakverifier.testing.BlockedThread;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.testng.annotations.Test;

public class LiveThreadsTest {
  @Test
  public void tellsThatAThreadWaitsOutsideItsOwnMonitor() {
    try (BlockedThread thread = BlockedThread.start("outside")) {
      LiveThread live = LiveThread.of(thread.thread());

      assertThat(LiveThreads.JVM.sample(List.of(live)).joinable()).containsExactly(live.id());
    }
  }

  @Test
  public void doesNotSayThatOfAThreadInItsOwnMonitor() {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    Thread selfish =
        new Thread(
            () -> {
              synchronized (Thread.currentThread()) {
                inside.countDown();
                Uninterruptibles.awaitUninterruptibly(released);
              }
            });
    selfish.start();
    Uninterruptibles.awaitUninterruptibly(inside);
    try {
      Sampling sampling = LiveThreads.JVM.sample(List.of(LiveThread.of(selfish)));

      assertThat(sampling.samples()).hasSize(1);
      assertThat(sampling.joinable()).isEmpty();
    } finally {
      released.countDown();
      Uninterruptibles.joinUninterruptibly(selfish);
    }
  }

  @Test
  public void looksForNoMonitorsOfSeveralThreads() {
    try (BlockedThread one = BlockedThread.start("one");
        BlockedThread two = BlockedThread.start("two")) {
      Sampling sampling =
          LiveThreads.JVM.sample(List.of(LiveThread.of(one.thread()), LiveThread.of(two.thread())));

      assertThat(sampling.samples()).hasSize(2);
      assertThat(sampling.joinable()).isEmpty();
    }
  }

  @Test
  public void saysNothingOfAThreadThatHasEnded() {
    BlockedThread ended = BlockedThread.start("ended");
    ended.close();

    Sampling sampling = LiveThreads.JVM.sample(List.of(LiveThread.of(ended.thread())));

    assertThat(sampling.samples()).isEmpty();
    assertThat(sampling.joinable()).isEmpty();
  }
}
