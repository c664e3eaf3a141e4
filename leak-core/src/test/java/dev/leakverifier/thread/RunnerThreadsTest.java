package dev.leakverifier.thread;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import java.util.Optional;
import org.testng.TestNG;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Idle threads of the runners that run this test, and those of a user's that have their names. */
public class RunnerThreadsTest {
  private static final String IDLE = "java.base/java.util.concurrent.ThreadPoolExecutor.getTask:1";

  @Test
  public void knowsIdleWorkersOfTestNgThoughNobodyHasRecordedWhoMadeThem() {
    TestNG runner = new TestNG(/* useDefaultListeners= */ false);
    runner.setTestClasses(new Class<?>[] {ParallelRows.class});
    runner.run();

    assertThat(runner.getStatus()).isEqualTo(0);
    assertThat(ParallelRows.KNOWN)
        .containsExactly(
            Optional.of(KnownThread.TESTNG_IDLE_WORKER),
            Optional.of(KnownThread.TESTNG_IDLE_WORKER));
  }

  @Test
  public void tellsAWorkerOfTestNgByWhoMadeIt() {
    assertThat(KnownThread.of(madeBy("org.testng.internal.PoolService.submitTasksAndWait")))
        .hasValue(KnownThread.TESTNG_IDLE_WORKER);
    assertThat(KnownThread.of(madeBy("com.acme.Pool.submit"))).isEmpty();
  }

  @DataProvider
  Object[][] names() {
    return new String[][] {
      {"TestNG-PoolService-1"},
      {"TestNG-tests-1"},
      {"TestNG-method=pays-1"},
      {"surefire-forkedjvm-ping-30s"},
      {"surefire-forkedjvm-stream-flusher"},
      {"surefire-process-checker"},
      {"CompletableFutureDelayScheduler"},
      {"ForkJoinPool.commonPool-delayScheduler"},
      {"ForkJoinPool.commonPool-worker-1"},
      {"RMI Scheduler(0)"},
      {"RMI TCP Connection(idle)"},
      {"process reaper"},
    };
  }

  @Test(dataProvider = "names")
  public void isNotFooledByAnIdleWorkerOfAUsersOfThatName(String name) throws Exception {
    try (IdleWorker worker = IdleWorker.start(name);
        IdleWorker scheduled = IdleWorker.startScheduled(name)) {
      assertThat(KnownThread.of(worker.sample())).isEmpty();
      assertThat(KnownThread.of(scheduled.sample())).isEmpty();
    }
  }

  /** A saved dump tells neither groups nor makers. */
  @Test(dataProvider = "names")
  public void goesByTheNameInASavedDump(String name) {
    ThreadSample dumped =
        ThreadSample.builder(4711, name, Thread.State.TIMED_WAITING)
            .daemon(true)
            .frames(List.of(Samples.frame(IDLE), Samples.frame("java.base/java.lang.Thread.run:1")))
            .build();

    assertThat(KnownThread.of(dumped).isPresent()).isEqualTo(!name.startsWith("ForkJoinPool."));
  }

  private static ThreadSample madeBy(String starter) {
    return Samples.startedBy(
        new ThreadOrigin(1, "main", List.of(Samples.frame(starter + ":1")), Optional.empty()),
        "TestNG-tests-1",
        IDLE,
        "java.base/java.lang.Thread.run:1");
  }
}
