package com.acme;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.LeakOption;
import dev.leakverifier.LeakReport;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** What a report says of who holds a thread, and what it makes of that for the fix. */
public class HeldReportTest {
  private static ExecutorService orders;
  private static Timer alarm;

  private String heap = "";
  private LeakOption before = LeakVerifier.ignoreCurrent();

  @BeforeMethod
  public void readTheHeap() {
    heap = System.setProperty("leak.heap", "always");
    before = LeakVerifier.ignoreCurrent();
  }

  @AfterMethod
  public void readItNoMore() {
    System.setProperty("leak.heap", heap);
  }

  @Test
  public void namesThePoolThatWasForgotten() throws Exception {
    orders = Executors.newFixedThreadPool(1);
    awaitIdle(orders.submit(Thread::currentThread).get());
    LeakReport report = left();
    orders.shutdown();

    assertThat(heldBy(report))
        .containsExactly("static com.acme.HeldReportTest.orders (ThreadPoolExecutor)");
    assertThat(report.toString())
        .contains("\n   held     by static com.acme.HeldReportTest.orders (ThreadPoolExecutor)\n");
    assertThat(report.groups().get(0).diagnosis().fix())
        .contains(" on HeldReportTest.orders (ThreadPoolExecutor)");
    assertThat(report.toJson())
        .contains("\"heldBy\":\"static com.acme.HeldReportTest.orders (ThreadPoolExecutor)\"");
  }

  @Test
  public void namesTheTimerThatWasForgotten() {
    alarm = new Timer(/* isDaemon= */ true);
    CompletableFuture<Thread> timer = new CompletableFuture<>();
    alarm.schedule(
        new TimerTask() {
          @Override
          public void run() {
            timer.complete(Thread.currentThread());
          }
        },
        0);
    awaitIdle(timer.join());
    LeakReport report = left();
    alarm.cancel();

    assertThat(report.groups().get(0).diagnosis().fix())
        .isEqualTo("call cancel() on HeldReportTest.alarm (Timer) in teardown");
  }

  @Test
  public void aVerdictWithoutTheHeapIsTheSame() throws Exception {
    System.setProperty("leak.heap", "never");
    orders = Executors.newFixedThreadPool(1);
    awaitIdle(orders.submit(Thread::currentThread).get());
    LeakReport report = left();
    orders.shutdown();

    assertThat(report.threads()).hasSize(1);
    assertThat(heldBy(report)).isEmpty();
    assertThat(report.toString()).doesNotContain("held     by");
  }

  /** Its diagnosis is that of an idle worker only when it has come to rest. */
  private static void awaitIdle(Thread worker) {
    while (worker.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  private LeakReport left() {
    return LeakVerifier.find(before, LeakVerifier.maxWait(Duration.ZERO));
  }

  private static List<String> heldBy(LeakReport report) {
    return report.threads().stream()
        .map(ThreadSample::heldBy)
        .flatMap(holder -> holder.stream())
        .collect(ImmutableList.toImmutableList());
  }
}
