package dev.leakverifier.thread;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.stream.Collectors.toSet;

import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.testing.BlockedThread;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What the rules for libraries must not hide; {@code libraries.LibraryThreadTest} has the rest. */
public class LibraryThreadRulesTest {
  @DataProvider
  Object[] namesOfSharedThreads() {
    return new Object[] {
      "globalEventExecutor-1-1",
      "threadDeathWatcher-1-1",
      "Okio Watchdog",
      "OkHttp TaskRunner",
      "parallel-1",
      "single-1",
      "boundedElastic-1",
      "boundedElastic-evictor-1",
      "RxComputationThreadPool-1",
      "RxSingleScheduler-1",
      "RxCachedThreadScheduler-1",
      "RxCachedWorkerPoolEvictor-1",
      "DefaultDispatcher-worker-1",
      "kotlinx.coroutines.DefaultExecutor",
      "JNA Cleaner",
      "mysql-cj-abandoned-connection-cleanup",
      "PostgreSQL-JDBC-Cleaner",
      "Log4j2-TF-2-Scheduled-1",
    };
  }

  @Test(dataProvider = "namesOfSharedThreads")
  public void doNotHideADaemonOfThatNameThatRunsAUsersCode(String name) {
    try (BlockedThread decoy =
        BlockedThread.start(
            body -> {
              Thread thread = new Thread(body, name);
              thread.setDaemon(true);
              return thread;
            })) {
      assertNotShared(decoy.thread());
    }
  }

  @Test(dataProvider = "namesOfSharedThreads")
  public void doNotHideAnIdlePoolWorkerOfThatName(String name) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(1, body -> new Thread(body, name));
    try {
      Thread worker = pool.submit(Thread::currentThread).get();
      while (worker.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      assertNotShared(worker);
    } finally {
      pool.shutdown();
    }
  }

  @Test
  public void doNotHideAUsersTaskOnASharedThread() {
    ThreadSample busy =
        Samples.of(
            "globalEventExecutor-1-1",
            Thread.State.WAITING,
            "java.base/java.util.concurrent.CountDownLatch.await:230",
            "com.acme.Shop.lambda$pay$0:17",
            "io.netty.util.concurrent.GlobalEventExecutor$TaskRunner.run:262",
            "java.base/java.lang.Thread.run:840");

    assertThat(LibraryThread.of(busy)).isEqualTo(Optional.empty());
  }

  @Test
  public void knowACopyThatAnotherLibraryShadedIn() {
    ThreadSample shaded =
        Samples.of(
            "globalEventExecutor-1-1",
            Thread.State.WAITING,
            "com.acme.shaded.io.netty.util.concurrent.GlobalEventExecutor.takeTask:95",
            "com.acme.shaded.io.netty.util.concurrent.GlobalEventExecutor$TaskRunner.run:262",
            "java.base/java.lang.Thread.run:840");

    assertThat(LibraryThread.of(shaded))
        .isEqualTo(Optional.of(LibraryThread.NETTY_GLOBAL_EVENT_EXECUTOR));
  }

  @Test
  public void knowWhatNoLibraryOnThisClassPathStarts() {
    assertThat(
            LibraryThread.of(
                Samples.of(
                    "kotlinx.coroutines.DefaultExecutor",
                    Thread.State.TIMED_WAITING,
                    "java.base/java.util.concurrent.locks.LockSupport.parkNanos:252",
                    "kotlinx.coroutines.DefaultExecutor.run:119",
                    "java.base/java.lang.Thread.run:840")))
        .isEqualTo(Optional.of(LibraryThread.KOTLIN_DEFAULT_EXECUTOR));
    assertThat(
            LibraryThread.of(
                Samples.of(
                    "PostgreSQL-JDBC-Cleaner",
                    Thread.State.TIMED_WAITING,
                    "java.base/java.lang.ref.ReferenceQueue.remove:155",
                    "org.postgresql.util.LazyCleaner$1.run:128",
                    "java.base/java.lang.Thread.run:840")))
        .isEqualTo(Optional.of(LibraryThread.POSTGRESQL_CLEANER));
    assertThat(LibraryThread.of(ofClass("org.apache.logging.log4j.core.util.Log4jThread")))
        .isEqualTo(Optional.of(LibraryThread.LOG4J));
  }

  @Test
  public void tellALettuceClientFromTheNettyThatItUses() {
    String[] eventLoop = {
      "java.base/sun.nio.ch.EPoll.wait", "io.netty.util.concurrent.SingleThreadEventExecutor$5.run"
    };
    assertThat(
            LibraryThread.of(
                Samples.of("lettuce-nioEventLoop-4-1", Thread.State.RUNNABLE, eventLoop)))
        .isEqualTo(Optional.of(LibraryThread.LETTUCE));
    assertThat(
            LibraryThread.of(Samples.of("nioEventLoopGroup-2-1", Thread.State.RUNNABLE, eventLoop)))
        .isEqualTo(Optional.of(LibraryThread.NETTY_EVENT_LOOP));
    assertThat(
            LibraryThread.of(
                Samples.of("grpc-default-worker-ELG-1-1", Thread.State.RUNNABLE, eventLoop)))
        .isEqualTo(Optional.of(LibraryThread.GRPC));
    assertThat(
            LibraryThread.of(
                Samples.of(
                    "idle-connection-reaper",
                    Thread.State.TIMED_WAITING,
                    "java.base/java.lang.Thread.sleep",
                    "software.amazon.awssdk.http.apache.internal.conn.IdleConnectionReaper$ReaperTask.run")))
        .isEqualTo(Optional.of(LibraryThread.AWS_APACHE_CLIENT));
  }

  @Test
  public void haveEitherAReasonOrAMissingCall() {
    for (LibraryThread library : LibraryThread.values()) {
      assertWithMessage(library.name())
          .that(library.reason().isPresent())
          .isEqualTo(library.isShared());
      assertWithMessage(library.name())
          .that(library.missingCall().isPresent())
          .isEqualTo(!library.isShared());
      assertThat(library.what()).isNotEmpty();
    }
    assertThat(Arrays.stream(LibraryThread.values()).map(LibraryThread::what).collect(toSet()))
        .hasSize(LibraryThread.values().length);
  }

  private static ThreadSample ofClass(String threadClass) {
    Thread thread = new Thread("any");
    thread.setDaemon(true);
    return Samples.of(thread, threadClass, Thread.State.WAITING, "java.base/java.lang.Object.wait");
  }

  private static void assertNotShared(Thread thread) {
    ThreadSample sample = LiveThreads.samplePlatform(List.of(thread)).get(0);
    assertThat(LibraryThread.of(sample).filter(LibraryThread::isShared))
        .isEqualTo(Optional.empty());
    assertThat(KnownThread.of(sample)).isEqualTo(Optional.empty());
  }
}
