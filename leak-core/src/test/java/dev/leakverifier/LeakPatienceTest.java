package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.check.Check;
import dev.leakverifier.check.Pause;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.FakeTime;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** How long is waited for what, by a clock that only waiting moves; each has a JVM's memory. */
public class LeakPatienceTest {
  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final Duration MOST = Duration.ofSeconds(1);
  private static final Duration BRIEF = Duration.ofMillis(51);

  private FakeTime time = new FakeTime();
  private int collections;
  private int slowness = 1;
  private Check check = checkThatPauses((threads, nanos) -> time.pass(slowness * nanos));

  @BeforeMethod
  public void startAnew() {
    time = new FakeTime();
    collections = 0;
    slowness = 1;
    check = checkThatPauses((threads, nanos) -> time.pass(slowness * nanos));
  }

  @Test
  public void spendsItsPatienceOncePerKindAndNotOncePerCheck() {
    assertThat(waitedForALeakOf("poller-1")).isEqualTo(FIRST);
    assertThat(waitedForALeakOf("poller-2")).isEqualTo(MOST);
    assertThat(waitedForALeakOf("poller-3")).isEqualTo(BRIEF);
    assertThat(waitedForALeakOf("poller-4")).isEqualTo(BRIEF);

    assertThat(waitedForALeakOf("other")).isEqualTo(FIRST);
  }

  /** As a client that takes two seconds to close. */
  @Test
  public void waitsForAKindThatItHasNotSeenAsLongAsAnyMayTakeToClose() {
    List<BlockedThread> closing = new ArrayList<>();
    long start = time.read();
    check =
        checkThatPauses(
            (threads, nanos) -> {
              time.pass(nanos);
              if (time.read() - start > Duration.ofSeconds(2).toNanos()) {
                closing.forEach(BlockedThread::close);
              }
            });
    LeakScope scope = scope();
    closing.add(BlockedThread.start("closing"));

    assertThat(scope.check().isEmpty()).isTrue();
    assertThat(time.read() - start).isGreaterThan(Duration.ofSeconds(2).toNanos());
  }

  /** The last thread stands in another function than those that were waited for. */
  @Test
  public void isNotBriefWithAThreadThatStandsElsewhereThanThoseThatItKnows() {
    makeKnown("poller");
    LeakScope scope = scope();
    Thread thread = new Thread(LockSupport::park, "poller");
    thread.start();
    try {
      awaitState(thread, Thread.State.WAITING);

      assertThat(scope.check().waited()).isEqualTo(MOST);
    } finally {
      LockSupport.unpark(thread);
    }
  }

  /** Its selector looks every few seconds whether somebody still holds the client. */
  @Test
  public void givesAnHttpClientTheTimeToEndHoweverManyWereHeld() {
    List<HttpClient> held = new ArrayList<>();
    Duration waited = Duration.ZERO;
    for (int i = 0; i < 3; i++) {
      LeakScope scope = scope();
      held.add(HttpClient.newHttpClient());
      awaitSelectors(held.size());
      waited = scope.check().waited();
    }

    assertThat(waited).isAtLeast(Duration.ofSeconds(6));
    assertThat(held).hasSize(3);
  }

  private static void awaitSelectors(int count) {
    while (Thread.getAllStackTraces().entrySet().stream()
            .filter(each -> each.getKey().getName().matches("HttpClient-\\d+-SelectorManager"))
            .filter(each -> each.getValue().length > 0 && each.getValue()[0].isNativeMethod())
            .count()
        < count) {
      Thread.onSpinWait();
    }
  }

  /** Where threads hardly get to run, this one does not either. */
  @Test
  public void waitsForWhatItKnowsByPausesAndNotByTheClock() {
    makeKnown("poller");
    slowness = 10;

    assertThat(waitedForALeakOf("poller")).isEqualTo(BRIEF.multipliedBy(slowness));
  }

  @Test
  public void takesWhatSomebodySetsAsTheLongestWaitForAllWaits() {
    LeakOption set = LeakVerifier.maxWait(Duration.ofMillis(400));

    assertThat(waitedForALeakOf("poller", set)).isEqualTo(Duration.ofMillis(400));
    assertThat(waitedForALeakOf("poller", set)).isEqualTo(Duration.ofMillis(400));
    assertThat(waitedForALeakOf("poller", set)).isEqualTo(Duration.ofMillis(21));
    assertThat(waitedForALeakOf("poller", LeakVerifier.maxWait(Duration.ZERO)))
        .isEqualTo(Duration.ZERO);
  }

  /** Idle workers, which may end when garbage is collected. Unchecked, such a suite takes 44 s. */
  @Test
  public void takes90TestsThatLeakTheSameNoMoreThanHalfAsLongAgain() throws Exception {
    List<ExecutorService> pools = new ArrayList<>();
    long start = time.read();
    try {
      for (int test = 0; test < 90; test++) {
        LeakScope scope = scope();
        ExecutorService pool = Executors.newFixedThreadPool(1);
        pools.add(pool);
        Thread worker = pool.submit(Thread::currentThread).get();
        awaitState(worker, Thread.State.WAITING);

        assertThat(scope.check().threads()).hasSize(1);
      }
    } finally {
      pools.forEach(ExecutorService::shutdown);
    }

    assertThat(collections).isEqualTo(90);
    assertThat(Duration.ofNanos(time.read() - start)).isLessThan(Duration.ofSeconds(20));
  }

  private void makeKnown(String name) {
    for (int i = 0; i < 2; i++) {
      Duration unused = waitedForALeakOf(name);
    }
  }

  private Duration waitedForALeakOf(String name, LeakOption... options) {
    LeakScope scope = new LeakScope(check, LeakOption.settings(options));
    try (BlockedThread leaked = BlockedThread.start(name)) {
      awaitState(leaked.thread(), Thread.State.WAITING);
      LeakReport report = scope.check();
      assertThat(report.threads()).hasSize(1);
      return report.waited();
    }
  }

  private LeakScope scope() {
    return new LeakScope(check, LeakOption.settings());
  }

  private static void awaitState(Thread thread, Thread.State state) {
    while (thread.getState() != state) {
      Thread.onSpinWait();
    }
  }

  private Check checkThatPauses(Pause pause) {
    return new Check(LiveThreads.JVM, time::read, pause, () -> collections++);
  }
}
