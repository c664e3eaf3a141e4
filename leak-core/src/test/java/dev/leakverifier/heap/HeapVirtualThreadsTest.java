package dev.leakverifier.heap;

import static com.google.common.truth.Truth.assertThat;
import static java.util.stream.Collectors.toList;

import com.google.common.primitives.Longs;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.testing.ThreadForm;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadLock;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.testng.SkipException;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** What a heap dump tells of virtual threads. */
public class HeapVirtualThreadsTest {
  private CountDownLatch end = new CountDownLatch(1);

  @BeforeMethod
  public void needsDumpsWithTheirStacks() {
    end = new CountDownLatch(1);
    if (Runtime.version().feature() < 25) {
      throw new SkipException("heap dumps have the stacks of virtual threads since JDK 25");
    }
  }

  @Test
  public void showsOfAThreadWhatTheJdkTellsOfIt() throws IOException {
    Thread waiting = ThreadForm.VIRTUAL.start("wartet ü 中", this::awaitEnd);
    Thread asleep = ThreadForm.VIRTUAL.start("asleep", HeapVirtualThreadsTest::sleep);
    awaitState(waiting, Thread.State.WAITING);
    awaitState(asleep, Thread.State.TIMED_WAITING);
    try (HeapDump dump = HeapDump.take()) {
      for (Thread thread : List.of(waiting, asleep)) {
        ThreadSample seen = only(dump, thread);
        assertThat(seen.name()).isEqualTo(thread.getName());
        assertThat(seen.state()).isEqualTo(thread.getState());
        assertThat(texts(seen.frames())).isEqualTo(texts(shown(thread)));
        assertThat(StackFrames.firstOutsideJdk(seen.frames()))
            .isEqualTo(StackFrames.firstOutsideJdk(Arrays.asList(thread.getStackTrace())));
        assertThat(seen.isVirtual()).isTrue();
        assertThat(seen.isDaemon()).isTrue();
      }
      assertThat(only(dump, waiting).lock().map(ThreadLock::className))
          .hasValue("java.util.concurrent.CountDownLatch$Sync");
    } finally {
      end.countDown();
      ThreadForm.end(asleep);
    }
    Uninterruptibles.joinUninterruptibly(waiting);
  }

  @Test
  public void thoseThatHaveNotStartedOrHaveEndedAreNotAlive() throws IOException {
    Thread unstarted = ThreadForm.VIRTUAL.unstarted("unstarted", () -> {});
    Thread ended = ThreadForm.VIRTUAL.start("ended", () -> {});
    Uninterruptibles.joinUninterruptibly(ended);
    Thread asleep = ThreadForm.VIRTUAL.start("asleep", HeapVirtualThreadsTest::sleep);
    awaitState(asleep, Thread.State.TIMED_WAITING);
    try (HeapDump dump = HeapDump.take()) {
      List<Long> ids = Longs.asList(dump.virtualIds());

      assertThat(ids).contains(asleep.getId());
      assertThat(ids).containsNoneOf(unstarted.getId(), ended.getId());
    } finally {
      ThreadForm.end(asleep);
    }
  }

  @Test
  public void namesTheExecutorThatAThreadBelongsTo() throws Exception {
    ExecutorService executor = ThreadForm.virtualThreadPerTaskExecutor();
    CountDownLatch started = new CountDownLatch(1);
    AtomicLong id = new AtomicLong();
    var unused =
        executor.submit(
            () -> {
              id.set(Thread.currentThread().getId());
              started.countDown();
              awaitEnd();
            });
    started.await();
    try (HeapDump dump = HeapDump.take()) {
      List<String> owners =
          dump.virtualThreads(each -> each == id.get()).stream()
              .flatMap(thread -> thread.owner().stream())
              .filter(owner -> owner.startsWith("java.util.concurrent.ThreadPerTaskExecutor@"))
              .toList();
      assertThat(owners).hasSize(1);
    } finally {
      end.countDown();
      executor.shutdown();
    }
  }

  @Test
  public void oneThatIsBlockedAtAMonitorIsSeenAsBlocked() throws IOException {
    Object monitor = new Object();
    Thread blocked;
    synchronized (monitor) {
      blocked = ThreadForm.VIRTUAL.start("blocked", () -> enter(monitor));
      awaitState(blocked, Thread.State.BLOCKED);
      try (HeapDump dump = HeapDump.take()) {
        assertThat(only(dump, blocked).state()).isEqualTo(Thread.State.BLOCKED);
      }
    }
    Uninterruptibles.joinUninterruptibly(blocked);
  }

  private static ThreadSample only(HeapDump dump, Thread thread) throws IOException {
    List<ThreadSample> samples = dump.virtualThreads(id -> id == thread.getId());
    assertThat(samples).hasSize(1);
    return samples.get(0);
  }

  private static List<StackTraceElement> shown(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .filter(frame -> !StackFrames.isHidden(frame))
        .collect(toList());
  }

  private static List<String> texts(List<StackTraceElement> frames) {
    return frames.stream().map(StackFrames::text).collect(toList());
  }

  private static void awaitState(Thread thread, Thread.State state) {
    while (thread.getState() != state) {
      Thread.onSpinWait();
    }
  }

  private void awaitEnd() {
    Uninterruptibles.awaitUninterruptibly(end);
  }

  private static void sleep() {
    try {
      Thread.sleep(Duration.ofDays(1).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void enter(Object monitor) {
    synchronized (monitor) {
      Thread.onSpinWait();
    }
  }
}
