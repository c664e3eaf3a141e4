package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.check.Baseline;
import dev.leakverifier.check.Check;
import dev.leakverifier.check.Naps;
import dev.leakverifier.check.Pause;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.jvm.ThreadSource;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.FakeTime;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Timer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** The check, on real threads, with a counted view of them and a clock of its own. */
public class LeakCheckTest {
  private static final long SMALL_STACK = 128 * 1024;

  private FakeTime time = new FakeTime();
  private CountingThreads threads = new CountingThreads();
  private int collections;

  @BeforeMethod
  public void startAnew() {
    time = new FakeTime();
    threads = new CountingThreads();
    collections = 0;
  }

  @Test
  public void readsNoStackWhenNothingIsNew() {
    Check check = check();
    LeakScope scope = new LeakScope(check, LeakOption.settings());

    assertThat(scope.check().isEmpty()).isTrue();

    assertThat(threads.listings).isEqualTo(2);
    assertThat(threads.stacks).isEqualTo(0);
    assertThat(time.waits()).isEmpty();
  }

  @Test
  public void readsNoStackOfWhatIgnoreCurrentIgnores() {
    Check check = check();
    try (BlockedThread old = BlockedThread.start("old")) {
      LeakOption current = LeakVerifier.ignoreCurrent();
      try (BlockedThread later = BlockedThread.start("later")) {
        LeakOption both = LeakVerifier.ignoreCurrent();
        assertThat(all(check, current, both).isEmpty()).isTrue();
        assertThat(all(check, both, current).isEmpty()).isTrue();
        assertThat(threads.stacks).isEqualTo(0);

        assertThat(all(check, current).threads()).hasSize(1);
        assertThat(threads.stacks).isGreaterThan(0);
      }
    }
  }

  @Test
  public void readsOnlyTheStacksOfNewThreads() {
    Check check = check();
    LeakScope scope =
        new LeakScope(check, LeakOption.settings(LeakVerifier.maxWait(Duration.ZERO)));
    try (BlockedThread leaked = BlockedThread.start("leaked")) {
      assertThat(scope.check().threads()).hasSize(1);
    }
    assertThat(threads.stacks).isEqualTo(1);
  }

  @Test
  public void readsNoStackOfThreadsThatAreJustEnding() {
    AtomicReference<@Nullable BlockedThread> ending = new AtomicReference<>();
    Check check = checkThatPauses((threads, nanos) -> requireNonNull(ending.get()).close());
    LeakScope scope = new LeakScope(check, LeakOption.settings());
    ending.set(BlockedThread.start("ending"));

    assertThat(scope.check().isEmpty()).isTrue();

    assertThat(threads.stacks).isEqualTo(0);
  }

  @Test
  public void looksAgainLessAndLessOften() {
    Check check = check();
    LeakScope scope = new LeakScope(check, LeakOption.settings());
    try (BlockedThread leaked = BlockedThread.start("leaked")) {
      assertThat(scope.check().waited()).isEqualTo(Duration.ofSeconds(5));
    }
    assertThat(time.waits().stream().map(TimeUnit.NANOSECONDS::toMillis).toList())
        .containsExactly(
            1L, 1L, 1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 512L, 1000L, 1000L, 1000L, 975L)
        .inOrder();
  }

  @Test
  public void stopsWaitingWhenTheLastThreadHasEnded() {
    BlockedThread ending = BlockedThread.start("ending");
    Check check =
        checkThatPauses(
            (threads, nanos) -> {
              time.pass(MILLISECONDS.toNanos(1));
              ending.close();
            });
    LeakReport report = all(check);

    assertThat(report.isEmpty()).isTrue();
    assertThat(time.waits()).hasSize(1);
  }

  @Test
  public void acceptsAFilterThatStartsToMatchLate() {
    Check check = check();
    try (BlockedThread worker = BlockedThread.start("worker")) {
      LeakReport report = all(check, LeakVerifier.ignoreFunc(thread -> time.waits().size() >= 3));

      assertThat(report.isEmpty()).isTrue();
      assertThat(time.waits()).hasSize(3);
    }
  }

  @Test
  public void givesTheThreadsWhoseEndItWaitsFor() {
    try (BlockedThread leaked = BlockedThread.start("leaked")) {
      Check check =
          checkThatPauses(
              (waitedFor, nanos) -> {
                assertThat(waitedFor.stream().map(LiveThread::thread).toList())
                    .containsExactly(leaked.thread());
                time.pass(nanos);
              });
      var unused = all(check, LeakVerifier.maxWait(Duration.ofMillis(2)));
    }
    assertThat(time.waits()).hasSize(2);
  }

  @Test
  public void waitsOnThoughItIsInterruptedInTheMiddle() {
    BlockedThread ending = BlockedThread.start("ending");
    Naps naps = new Naps();
    Check check =
        checkThatPauses(
            (waitedFor, nanos) -> {
              Thread.currentThread().interrupt();
              naps.untilEnded(waitedFor, 1);
              time.pass(nanos);
              if (time.waits().size() == 5) {
                ending.close();
              }
            });
    LeakReport report = all(check);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(report.isEmpty()).isTrue();
    assertThat(time.waits()).hasSize(5);
  }

  @Test
  public void outlastsNoPatienceThoughAThousandThreadsEnterTheirMonitorsAfterALook() {
    CountDownLatch looked = new CountDownLatch(1);
    CountDownLatch inside = new CountDownLatch(1_000);
    Naps naps = new Naps();
    Check check =
        checkThatPauses(
            (waitedFor, nanos) -> {
              if (threads.stacks > 0) {
                looked.countDown();
                Uninterruptibles.awaitUninterruptibly(inside);
              }
              naps.untilEnded(waitedFor, 1);
              time.pass(nanos);
            });
    LeakScope scope = new LeakScope(check, LeakOption.settings());
    List<BlockedThread> selfish = new ArrayList<>();
    try {
      for (int i = 0; i < 1_000; i++) {
        selfish.add(
            BlockedThread.start(
                body ->
                    new Thread(
                        null,
                        () -> thenInOwnMonitor(looked, inside, body),
                        "selfish",
                        SMALL_STACK)));
      }
      LeakReport report = scope.check();

      assertThat(report.threads()).hasSize(1_000);
      assertThat(report.waited()).isEqualTo(Duration.ofSeconds(5));
      assertThat(time.waits().size()).isAtMost(17);
    } finally {
      selfish.forEach(BlockedThread::release);
      selfish.forEach(BlockedThread::close);
    }
  }

  private static void thenInOwnMonitor(CountDownLatch when, CountDownLatch inside, Runnable body) {
    Uninterruptibles.awaitUninterruptibly(when);
    synchronized (Thread.currentThread()) {
      inside.countDown();
      body.run();
    }
  }

  @Test
  public void raisesNoAlarmIn1000ChecksRightAfterAPoolHasTerminated() throws InterruptedException {
    LeakScope scope = LeakVerifier.scope();
    for (int round = 0; round < 1_000; round++) {
      ExecutorService pool = Executors.newFixedThreadPool(8);
      for (int task = 0; task < 8; task++) {
        pool.execute(() -> {});
      }
      pool.shutdown();
      assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();

      assertThat(scope.check().toString()).isEqualTo("no thread leaked");
    }
  }

  @Test
  public void seesWhatAnEndingThreadStartsWhileItIsWaitedFor() {
    BlockedThread parent = BlockedThread.start("parent");
    List<BlockedThread> started = new ArrayList<>();
    Check check =
        checkThatPauses(
            (waitedFor, nanos) -> {
              time.pass(nanos);
              if (started.isEmpty()) {
                started.add(BlockedThread.start("child"));
                parent.close();
              }
            });
    try {
      LeakReport report = all(check);

      assertThat(report.threads().stream().map(ThreadSample::name).toList())
          .containsExactly("child");
      assertThat(report.waited()).isEqualTo(Duration.ofMillis(5_001));
    } finally {
      started.forEach(BlockedThread::close);
    }
  }

  @Test
  public void endsThoughThreadsStartThreadsAllTheTime() {
    List<BlockedThread> started = new ArrayList<>();
    Check check =
        checkThatPauses(
            (waitedFor, nanos) -> {
              time.pass(nanos);
              started.get(started.size() - 1).close();
              started.add(BlockedThread.start("next"));
            });
    started.add(BlockedThread.start("first"));
    try {
      assertThat(all(check).isEmpty()).isTrue();
      assertThat(started).hasSize(3); // two generations, and the one that nobody waited for
    } finally {
      started.forEach(BlockedThread::close);
    }
  }

  @Test
  public void collectsGarbageOnceForAThreadThatItsOwnerMayEnd() {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    try {
      pool.execute(() -> {});
      LeakReport report = all(check());

      assertThat(report.threads()).hasSize(1);
      assertThat(report.toString())
          .startsWith("1 thread leaked (still alive after 5.5 s and a garbage collection)");
      assertThat(collections).isEqualTo(1);
    } finally {
      pool.shutdown();
    }
  }

  @Test
  public void collectsNoGarbageForOtherThreads() {
    try (BlockedThread leaked = BlockedThread.start("leaked")) {
      assertThat(all(check()).threads()).hasSize(1);
    }
    assertThat(collections).isEqualTo(0);
  }

  @Test
  public void collectsNoGarbageWhereItIsToLookOnce() {
    Timer timer = new Timer("leaked");
    try {
      assertThat(all(check(), LeakVerifier.maxWait(Duration.ZERO)).threads()).hasSize(1);
    } finally {
      timer.cancel();
    }
    assertThat(collections).isEqualTo(0);
  }

  /** Checks all that is alive, without a baseline. */
  private static LeakReport all(Check check, LeakOption... options) {
    return new LeakScope(check, LeakOption.settings(options), Baseline.NONE).check();
  }

  /** A check that waits by the fake clock, during which nothing happens. */
  private Check check() {
    return checkThatPauses((waitedFor, nanos) -> time.pass(nanos));
  }

  private Check checkThatPauses(Pause pause) {
    return new Check(threads, time::read, pause, () -> collections++);
  }

  /** Counts what is asked of the JVM. */
  private static final class CountingThreads implements ThreadSource {
    int listings;
    int stacks;

    @Override
    public ThreadListing list() {
      listings++;
      return LiveThreads.JVM.list();
    }

    @Override
    public Sampling sample(Collection<LiveThread> threads) {
      stacks += threads.size();
      return LiveThreads.JVM.sample(threads);
    }
  }
}
