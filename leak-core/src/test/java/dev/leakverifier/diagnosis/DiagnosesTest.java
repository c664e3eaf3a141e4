package dev.leakverifier.diagnosis;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.diagnosis.Observation.Watched;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What rare stacks show, and what they do not. {@code DiagnosisTest} has those of real leaks. */
public class DiagnosesTest {
  private static final String[] POOL = {
    "java.base/java.util.concurrent.ThreadPoolExecutor.getTask:1062",
    "java.base/java.util.concurrent.ThreadPoolExecutor.runWorker:1122",
    "java.base/java.util.concurrent.ThreadPoolExecutor$Worker.run:635",
    "java.base/java.lang.Thread.run:840"
  };
  private static final String[] ACCEPT = {
    "java.base/java.net.ServerSocket.accept:528", "com.acme.Server.serve:8"
  };

  @Test
  public void takesAWorkerForIdleWhateverItsQueueIs() {
    Diagnosis diagnosis =
        diagnosis(
            Thread.State.WAITING,
            and(
                POOL,
                "java.base/java.util.concurrent.LinkedBlockingQueue.take:435",
                "com.acme.TaskQueue.take:9"));

    assertThat(diagnosis.kind()).isEqualTo(LeakKind.IDLE_POOL_WORKER);
    assertThat(diagnosis.fix()).contains("shutdown()");
  }

  /** As Tomcat has one. */
  @Test
  public void takesAWorkerOfACopyOfTheJdksPoolForIdle() {
    Diagnosis diagnosis =
        diagnosis(
            Thread.State.WAITING,
            "java.base/java.util.concurrent.LinkedBlockingQueue.take:435",
            "org.acme.threads.TaskQueue.take:117",
            "org.acme.threads.ThreadPoolExecutor.getTask:1176",
            "org.acme.threads.ThreadPoolExecutor.runWorker:1190",
            "org.acme.threads.ThreadPoolExecutor$Worker.run:659");

    assertThat(diagnosis.kind()).isEqualTo(LeakKind.IDLE_POOL_WORKER);
  }

  /** Its {@code getTask} is no pool's. */
  @Test
  public void takesATaskThatGetsATaskForNoIdleWorker() {
    Diagnosis diagnosis =
        diagnosis(
            Thread.State.WAITING,
            "java.base/java.util.concurrent.LinkedBlockingQueue.take:435",
            "com.acme.Planner.getTask:31",
            "com.acme.Planner.runWorker:22",
            "java.base/java.util.concurrent.ThreadPoolExecutor.runWorker:1122");

    assertThat(diagnosis.kind()).isEqualTo(LeakKind.BLOCKED_HAND_OFF);
  }

  /** {@code shutdown()} may have been called: it lets delayed tasks run first. */
  @Test
  public void advisesShutdownNowForAPoolThatMayWaitForADelayedTask() {
    Diagnosis diagnosis =
        diagnosis(
            Thread.State.TIMED_WAITING,
            and(
                POOL,
                "java.base/java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue"
                    + ".take:1177"));

    assertThat(diagnosis.why()).contains("was not shut down, or still waits for a delayed task");
    assertThat(diagnosis.fix()).startsWith("call shutdownNow() on the ScheduledThreadPoolExecutor");
  }

  @DataProvider
  Object[][] timedWaits() {
    return new Object[][] {
      {"java.base/java.util.concurrent.SynchronousQueue.poll:903"},
      {"java.base/java.util.concurrent.LinkedBlockingQueue.offer:391"},
      {"java.base/java.util.concurrent.Exchanger.exchange:663"},
      {"java.base/java.util.concurrent.CompletableFuture.get:2093"},
      {"java.base/java.util.concurrent.CountDownLatch.await:276"},
      {"java.base/java.util.concurrent.CyclicBarrier.await:435"},
      {"java.base/java.util.concurrent.Semaphore.tryAcquire:415"},
      {"java.base/java.lang.Thread.join:1313"},
      {"java.base/java.lang.ProcessImpl.waitFor:425"},
      {"java.base/java.util.concurrent.locks.ReentrantLock.tryLock:479"},
      {"java.base/java.util.concurrent.AbstractExecutorService.invokeAll:263"},
    };
  }

  @Test(dataProvider = "timedWaits")
  public void advisesNoTimeoutToAThreadThatHasOne(String wait) {
    Diagnosis diagnosis = diagnosis(Thread.State.TIMED_WAITING, wait, "com.acme.Task.run:7");

    assertThat(diagnosis.why()).endsWith(" (with a timeout)");
    assertThat(diagnosis.fix()).doesNotContain("timeout");
    assertThat(diagnosis.fix()).doesNotContain("millis");
    assertThat(diagnosis.fix()).isNotEmpty();
  }

  @Test
  public void advisesNoTimeoutForASocketThatHasOne() {
    Diagnosis diagnosis =
        diagnosis(
            Thread.State.RUNNABLE,
            "java.base/sun.nio.ch.Net.poll",
            "java.base/sun.nio.ch.NioSocketImpl.timedRead:283",
            "java.base/java.net.Socket$SocketInputStream.read:966",
            "com.acme.Client.read:12");

    assertThat(diagnosis.why())
        .isEqualTo("it waits for the other end of a socket (with a timeout)");
    assertThat(diagnosis.fix()).isEqualTo("close() the socket in teardown");
  }

  @Test
  public void saysThatAThreadWaitsForALockThatItTriesToTakeInTime() {
    Diagnosis diagnosis =
        diagnosis(
            Thread.State.TIMED_WAITING,
            "java.base/java.util.concurrent.locks.LockSupport.parkNanos:252",
            "java.base/java.util.concurrent.locks.ReentrantLock.tryLock:479",
            "com.acme.Account.pay:12");

    assertThat(diagnosis.kind()).isEqualTo(LeakKind.LOCK_NOT_RELEASED);
    assertThat(diagnosis.fix()).isEqualTo("call unlock() in a finally block");
  }

  @Test
  public void takesACallThatThrowsForNoWait() {
    Diagnosis diagnosis =
        diagnosis(
            Thread.State.RUNNABLE,
            and(
                ACCEPT,
                "java.base/java.lang.Throwable.fillInStackTrace",
                "java.base/java.lang.Throwable.<init>:271",
                "java.base/java.net.SocketException.<init>:47"));

    assertThat(diagnosis.kind()).isEqualTo(LeakKind.UNKNOWN);
    assertThat(diagnosis.why()).doesNotContain("wait");
  }

  @Test
  public void givesABusyLoopsFixToOneThatWasInterrupted() {
    ThreadSample spinning = Samples.of("t", Thread.State.RUNNABLE, "com.acme.Loop.run:7");

    Diagnosis interrupted = diagnosis(busy(Samples.interrupted(spinning)));

    assertThat(interrupted.kind()).isEqualTo(LeakKind.BUSY_LOOP);
    assertThat(interrupted.why())
        .isEqualTo("it has been interrupted, and carries on: it used 90% of a core for 1.0 s");
    assertThat(interrupted.fix()).isEqualTo(diagnosis(busy(spinning)).fix());
  }

  @Test
  public void advisesNoInterruptionToAThreadThatWasInterrupted() {
    Diagnosis diagnosis =
        diagnosis(
            Observation.of(
                Samples.interrupted(
                    Samples.of(
                        "t",
                        Thread.State.WAITING,
                        "java.base/java.util.concurrent.locks.AbstractQueuedSynchronizer"
                            + "$ConditionObject.awaitUninterruptibly:2012",
                        "com.acme.Task.run:7"))));

    assertThat(diagnosis.kind()).isEqualTo(LeakKind.IGNORES_INTERRUPTION);
    assertThat(diagnosis.why()).startsWith("it has been interrupted, and carries on: it waits");
    assertThat(diagnosis.fix()).isEqualTo("call signalAll() when it has to end");
  }

  @Test
  public void advisesTheCloseOfItsServerSocketToAThreadThatCannotBeInterruptedThere() {
    Diagnosis diagnosis =
        diagnosis(
            Observation.of(Samples.interrupted(Samples.of("t", Thread.State.RUNNABLE, ACCEPT))));

    assertThat(diagnosis.kind()).isEqualTo(LeakKind.IGNORES_INTERRUPTION);
    assertThat(diagnosis.fix()).isEqualTo("close() the server socket in teardown");
  }

  @Test
  public void advisesNoCloseOfTheOwnerThatTheThreadIsClosing() {
    String owner = "java.util.concurrent.ThreadPerTaskExecutor";
    ThreadSample task =
        Samples.virtual(
            7,
            "",
            owner + "@1b2c3d",
            Thread.State.WAITING,
            "java.base/java.util.concurrent.CountDownLatch.await:230",
            "java.base/" + owner + ".awaitTermination:170",
            "java.base/" + owner + ".close:200",
            "com.acme.Task.run:7");

    assertThat(diagnosis(Observation.of(task)).fix()).doesNotContain("that owns it");
  }

  private static Observation busy(ThreadSample thread) {
    Duration second = Duration.ofSeconds(1);
    Watched watched =
        new Watched(second, 5, 5, /* moved= */ false, Optional.of(Duration.ofMillis(900)));
    return new Observation(thread, watched, List.of(), Optional.empty());
  }

  private static String[] and(String[] below, String... above) {
    return Stream.concat(Stream.of(above), Stream.of(below)).toArray(String[]::new);
  }

  private static Diagnosis diagnosis(Thread.State state, String... frames) {
    return diagnosis(Observation.of(Samples.of("t", state, frames)));
  }

  private static Diagnosis diagnosis(Observation seen) {
    return Diagnoses.of(seen);
  }
}
