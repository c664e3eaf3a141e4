package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static org.testng.Assert.expectThrows;

import com.google.common.base.Joiner;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.HeldMonitor;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.testng.annotations.Test;

public class LeakVerifierTest {
  private static final LeakOption AT_ONCE = LeakVerifier.maxWait(Duration.ZERO);

  @Test
  public void passesWhenNothingIsLeft() {
    try (BlockedThread stopped = BlockedThread.start("stopped")) {
      expectThrows(LeakError.class, () -> LeakVerifier.verifyNone(AT_ONCE));
    }

    LeakVerifier.verifyNone();
  }

  @Test
  public void throwsWhenAThreadIsLeft() {
    try (BlockedThread left = BlockedThread.start("left-behind")) {
      LeakError error = expectThrows(LeakError.class, () -> LeakVerifier.verifyNone(AT_ONCE));

      assertThat(error.report().threads()).hasSize(1);
      assertThat(error.report().threads().get(0).id()).isEqualTo(left.thread().getId());
      assertThat(error).hasMessageThat().startsWith("1 thread leaked (looked once");
      assertThat(error).hasMessageThat().contains("\"left-behind\"   WAITING");
      assertThat(error).hasMessageThat().contains(BlockedThread.FUNCTION);
      assertThat(error).hasMessageThat().isEqualTo(error.report().toString());
    }
  }

  @Test
  public void attachesEachLeakedStackForTheIde() {
    try (BlockedThread one = BlockedThread.start("one");
        BlockedThread two = BlockedThread.start("two")) {
      LeakError error = expectThrows(LeakError.class, () -> LeakVerifier.verifyNone(AT_ONCE));

      assertThat(error.getSuppressed()).hasLength(2);
      assertThat(error.getSuppressed()[0]).hasMessageThat().isEqualTo("\"one\" WAITING");
      assertThat(Joiner.on('\n').join(error.getSuppressed()[1].getStackTrace()))
          .contains(BlockedThread.FUNCTION);
    }
  }

  @Test
  public void doesNotCountTheCallingThread() throws InterruptedException {
    List<LeakReport> reports = new ArrayList<>();
    Thread caller = new Thread(() -> reports.add(LeakVerifier.find()), "caller");
    caller.start();
    caller.join();

    assertThat(reports.get(0).isEmpty()).isTrue();
  }

  @Test
  public void findReportsWithoutThrowing() {
    try (BlockedThread left = BlockedThread.start("left")) {
      LeakReport report = LeakVerifier.find(AT_ONCE);

      assertThat(report.isEmpty()).isFalse();
      assertThat(report.threads().get(0).name()).isEqualTo("left");
    }
    assertThat(LeakVerifier.find().isEmpty()).isTrue();
    assertThat(LeakVerifier.find().toString()).isEqualTo("no thread leaked");
  }

  @Test
  public void ignoresByTopFunctionOfTheUserAndOfTheJdk() {
    try (BlockedThread left = BlockedThread.start("left")) {
      LeakVerifier.verifyNone(LeakVerifier.ignoreTopFunction(BlockedThread.FUNCTION), AT_ONCE);
      expectThrows(LeakError.class, () -> LeakVerifier.verifyNone(AT_ONCE));
    }
  }

  @Test
  public void ignoresASleeperAsItIsWrittenInTheSource() throws InterruptedException {
    Thread sleeper = new Thread(LeakVerifierTest::sleepForLong, "sleeper");
    sleeper.start();
    try {
      LeakVerifier.verifyNone(LeakVerifier.ignoreTopFunction("java.lang.Thread.sleep"));
      LeakVerifier.verifyNone(
          LeakVerifier.ignoreTopFunction(LeakVerifierTest.class.getName() + ".sleepForLong"));
      assertThat(
              LeakVerifier.find(AT_ONCE, LeakVerifier.ignoreTopFunction("java.lang.Thread.run"))
                  .isEmpty())
          .isFalse();
    } finally {
      sleeper.interrupt();
      sleeper.join();
    }
  }

  @Test
  public void ignoresByAnyFunction() {
    try (BlockedThread left = BlockedThread.start("left")) {
      LeakVerifier.verifyNone(LeakVerifier.ignoreAnyFunction("java.lang.Thread.run"), AT_ONCE);
      expectThrows(
          LeakError.class,
          () -> LeakVerifier.verifyNone(LeakVerifier.ignoreAnyFunction("a.B.c"), AT_ONCE));
    }
  }

  @Test
  public void ignoresByName() {
    try (BlockedThread left = BlockedThread.start("grpc-default.worker-12")) {
      for (String glob : List.of("grpc-*", "*", "grpc-default.worker-??", "*-12")) {
        LeakVerifier.verifyNone(LeakVerifier.ignoreName(glob), AT_ONCE);
      }
      for (String glob :
          List.of("grpc", "grpc-default?worker", "grpc-defaultXworker-12", "[a-z]*")) {
        expectThrows(
            LeakError.class, () -> LeakVerifier.verifyNone(LeakVerifier.ignoreName(glob), AT_ONCE));
      }
    }
  }

  @Test
  public void ignoresWhatAPredicateAccepts() {
    try (BlockedThread left = BlockedThread.start("left")) {
      LeakVerifier.verifyNone(
          LeakVerifier.ignoreFunc(
              thread ->
                  thread.state() == Thread.State.WAITING
                      && thread.stack().contains(BlockedThread.FUNCTION)),
          AT_ONCE);
    }
  }

  @Test
  public void countsWhatALibrarySharesOnlyWhenAsked() {
    LeakScope lenient = LeakVerifier.scope(AT_ONCE);
    LeakScope strict = LeakVerifier.scope(AT_ONCE, LeakVerifier.knownLibraries(false));
    ThreadFactory factory =
        new ThreadFactoryBuilder().setNameFormat("boundedElastic-%d").setDaemon(true).build();
    ThreadPoolExecutor shared =
        new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
    shared.prestartCoreThread();
    try {
      assertThat(LeakVerifier.find().isEmpty()).isTrue(); // waits until it idles
      assertThat(lenient.check().isEmpty()).isTrue();
      assertThat(strict.check().threads()).hasSize(1);
    } finally {
      shared.shutdown();
    }
  }

  @Test
  public void ignoresTheThreadsThatWereAliveWhenTheOptionWasMade() {
    try (BlockedThread before = BlockedThread.start("before")) {
      LeakOption current = LeakVerifier.ignoreCurrent();
      try (BlockedThread after = BlockedThread.start("after")) {
        LeakReport report = LeakVerifier.find(current, AT_ONCE);

        assertThat(report.threads().stream().map(ThreadSample::name).toList())
            .containsExactly("after");
      }
    }
  }

  @Test
  public void waitsForAThreadThatIsEnding() {
    BlockedThread ending = BlockedThread.start("ending");
    ending.release();

    LeakVerifier.verifyNone();
  }

  @Test
  public void runsTheCleanupWhetherThereIsALeakOrNot() {
    List<Integer> exitCodes = new ArrayList<>();
    LeakOption cleanup = LeakVerifier.cleanup(exitCodes::add);

    LeakVerifier.verifyNone(cleanup);
    assertThat(exitCodes).containsExactly(0);

    try (BlockedThread left = BlockedThread.start("left")) {
      expectThrows(LeakError.class, () -> LeakVerifier.verifyNone(cleanup, AT_ONCE));
    }
    assertThat(exitCodes).containsExactly(0, 0);
  }

  @Test
  public void keepsTheLeakWhenTheCleanupThrows() {
    IllegalArgumentException own = new IllegalArgumentException("cleanup");
    LeakOption cleanup =
        LeakVerifier.cleanup(
            exitCode -> {
              throw own;
            });
    try (BlockedThread left = BlockedThread.start("left")) {
      LeakError error =
          expectThrows(LeakError.class, () -> LeakVerifier.verifyNone(cleanup, AT_ONCE));

      assertThat(error.getSuppressed()).asList().contains(own);
    }
  }

  @Test
  public void runsAllCleanupsWhicheverThrow() {
    List<Integer> exitCodes = new ArrayList<>();
    IllegalArgumentException first = new IllegalArgumentException("first");
    IllegalArgumentException second = new IllegalArgumentException("second");

    IllegalArgumentException thrown =
        expectThrows(
            IllegalArgumentException.class,
            () ->
                LeakVerifier.verifyNone(
                    throwing(first),
                    throwing(second),
                    throwing(first),
                    LeakVerifier.cleanup(exitCodes::add)));

    assertThat(thrown).isSameInstanceAs(first);
    assertThat(first.getSuppressed()).asList().containsExactly(second);
    assertThat(exitCodes).containsExactly(0);
  }

  private static LeakOption throwing(RuntimeException exception) {
    return LeakVerifier.cleanup(
        exitCode -> {
          throw exception;
        });
  }

  @Test
  public void saysWhichPredicateThrew() {
    RuntimeException cause = new RuntimeException("boom");
    try (BlockedThread left = BlockedThread.start("left")) {
      IllegalStateException error =
          expectThrows(
              IllegalStateException.class,
              () ->
                  LeakVerifier.verifyNone(
                      AT_ONCE,
                      LeakVerifier.ignoreFunc(
                          thread -> {
                            throw cause;
                          })));

      assertThat(error).hasMessageThat().contains("ignoreFunc(");
      assertThat(error).hasMessageThat().contains("threw java.lang.RuntimeException for thread");
      assertThat(error).hasCauseThat().isSameInstanceAs(cause);
    }
  }

  @Test
  public void waitsThoughAnInterruptWasLeftBehindAndRestoresIt() {
    try (BlockedThread left = BlockedThread.start("left")) {
      Thread.currentThread().interrupt();
      LeakReport report = LeakVerifier.find(LeakVerifier.maxWait(Duration.ofMillis(20)));

      assertThat(Thread.interrupted()).isTrue();
      assertThat(report.waited()).isAtLeast(Duration.ofMillis(20));
      assertThat(names(report)).containsExactly("left");
    }
  }

  @Test
  public void accusesNoPoolThatIsEndingIn200ChecksWithAnInterruptLeftBehind() {
    for (int round = 0; round < 200; round++) {
      LeakScope scope = LeakVerifier.scope();
      CountDownLatch released = new CountDownLatch(1);
      ExecutorService pool = Executors.newFixedThreadPool(4);
      for (int i = 0; i < 4; i++) {
        pool.execute(() -> Uninterruptibles.awaitUninterruptibly(released));
      }
      pool.shutdown();
      Thread.currentThread().interrupt();
      released.countDown();

      assertThat(scope.check().toString()).isEqualTo("no thread leaked");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  public void accusesNoThreadThatEndsAfterItHasInterruptedTheCheck() {
    Thread checking = Thread.currentThread();
    AtomicBoolean checks = new AtomicBoolean();
    Thread ending =
        new Thread(
            () -> {
              for (int i = 0; i < 10; i++) {
                while (!checks.get() || checking.getState() != Thread.State.TIMED_WAITING) {
                  Thread.onSpinWait();
                }
                checking.interrupt();
              }
            });
    LeakScope scope = LeakVerifier.scope(LeakVerifier.maxWait(Duration.ofMinutes(1)));
    ending.start();
    checks.set(true);
    LeakReport report = scope.check();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(report.toString()).isEqualTo("no thread leaked");
  }

  @Test
  public void seesAThreadInAGroupOfItsOwn() {
    ThreadGroup group = new ThreadGroup(new ThreadGroup("outer"), "inner");
    try (BlockedThread left =
        BlockedThread.start(
            body -> {
              Thread thread = new Thread(group, body, "hidden");
              thread.setDaemon(true);
              return thread;
            })) {
      LeakReport report = LeakVerifier.find(AT_ONCE);

      assertThat(report.threads()).hasSize(1);
      assertThat(report.threads().get(0).groupName()).isEqualTo("inner");
    }
  }

  @Test
  public void doesNotHangOnAThreadThatHoldsItsOwnMonitor() {
    try (BlockedThread selfish =
        BlockedThread.start(
            body ->
                new Thread("selfish") {
                  @Override
                  public synchronized void run() {
                    body.run();
                  }
                })) {
      LeakReport report = LeakVerifier.find(LeakVerifier.maxWait(Duration.ofMillis(50)));

      assertThat(names(report)).containsExactly("selfish");
    }
  }

  @Test
  public void doesNotHangOnAThreadWhoseMonitorAnotherHolds() {
    try (BlockedThread session = BlockedThread.start("session");
        HeldMonitor held = HeldMonitor.of(session.thread())) {
      LeakReport report = LeakVerifier.find(LeakVerifier.maxWait(Duration.ofMillis(50)));

      assertThat(names(report)).containsExactly("session", held.holder().getName());
    }
  }

  private static List<String> names(LeakReport report) {
    return report.threads().stream().map(ThreadSample::name).toList();
  }

  private static void sleepForLong() {
    try {
      Thread.sleep(Duration.ofDays(1).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
