package dev.leakverifier.jvm;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.HeldMonitor;
import dev.leakverifier.thread.ThreadSample;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import org.jspecify.annotations.Nullable;
import org.testng.annotations.Test;

public class LiveThreadsTest {
  /** All that is not final, in the way that hurts most: it waits for the thread's monitor. */
  private static final class Guarded extends Thread {
    Guarded(Runnable body) {
      super(body, "guarded");
    }

    @Override
    @SuppressWarnings("deprecation") // users do it all the same
    public synchronized long getId() {
      return 7;
    }

    @Override
    public synchronized boolean isInterrupted() {
      return true;
    }

    @Override
    public synchronized Thread.State getState() {
      return Thread.State.BLOCKED;
    }

    @Override
    public synchronized StackTraceElement[] getStackTrace() {
      return new StackTraceElement[0];
    }

    @Override
    public synchronized @Nullable ClassLoader getContextClassLoader() {
      return null;
    }
  }

  private static final class GuardedWorker extends ForkJoinWorkerThread {
    GuardedWorker(ForkJoinPool pool) {
      super(pool);
    }

    @Override
    public synchronized ForkJoinPool getPool() {
      return ForkJoinPool.commonPool();
    }
  }

  @Test
  public void callsNoMethodThatAClassOverrides() {
    CountDownLatch released = new CountDownLatch(1);
    Guarded guarded = new Guarded(() -> Uninterruptibles.awaitUninterruptibly(released));
    guarded.start();
    try (HeldMonitor held = HeldMonitor.of(guarded)) {
      ThreadSample sample = sample(guarded);

      assertThat(sample.name()).isEqualTo("guarded");
      assertThat(sample.isInterrupted()).isFalse();
      assertThat(held.isHeld()).isTrue();
    } finally {
      released.countDown();
      Uninterruptibles.joinUninterruptibly(guarded);
    }
  }

  @Test
  public void asksNoWorkerForItsPoolThatOverridesThat() throws Exception {
    ForkJoinPool pool = new ForkJoinPool(1, GuardedWorker::new, null, /* asyncMode= */ false);
    try {
      Thread worker = pool.submit(Thread::currentThread).get();
      try (HeldMonitor held = HeldMonitor.of(worker)) {
        assertThat(PlatformSamples.isCommonPoolWorker(worker)).isFalse();
        assertThat(held.isHeld()).isTrue();
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  public void leavesOutAThreadThatHasEnded() {
    BlockedThread ended = BlockedThread.start("ended");
    ended.close();

    try (BlockedThread alive = BlockedThread.start("alive")) {
      List<LiveThread> both = List.of(LiveThread.of(ended.thread()), LiveThread.of(alive.thread()));
      assertThat(LiveThreads.JVM.sample(both).samples().stream().map(ThreadSample::name).toList())
          .containsExactly("alive");
    }
  }

  private static ThreadSample sample(Thread thread) {
    return LiveThreads.JVM.sample(List.of(LiveThread.of(thread))).samples().get(0);
  }
}
