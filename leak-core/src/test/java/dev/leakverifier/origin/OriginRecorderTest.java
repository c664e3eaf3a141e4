package dev.leakverifier.origin;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.origin.OriginRecorder.Session;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class OriginRecorderTest {
  private static final String HERE = OriginRecorderTest.class.getName() + ".";
  private final List<Session> sessions = new ArrayList<>();

  @BeforeClass
  public void record() {
    sessions.add(OriginRecorder.JVM.start());
    sessions.get(0).await();
  }

  @AfterClass(alwaysRun = true)
  public void stopRecording() {
    sessions.forEach(Session::close);
  }

  @Test
  public void knowsTheLineThatStartedAThread() {
    int line;
    try (BlockedThread blocked = BlockedThread.start("plain")) {
      line = StackWalker.getInstance().walk(s -> s.findFirst().get().getLineNumber()) - 1;
      ThreadOrigin origin = originOf(blocked.thread());

      assertThat(origin.function()).hasValue(BlockedThread.class.getName() + ".start");
      assertThat(origin.starterId()).isEqualTo(LiveThreads.id(Thread.currentThread()));
      assertThat(origin.starterName()).isEqualTo(Thread.currentThread().getName());
      assertThat(origin.isInvoked()).isTrue();
      StackTraceElement test = origin.calledFrom().get();
      assertThat(test.getMethodName()).isEqualTo("knowsTheLineThatStartedAThread");
      assertThat(test.getFileName()).isEqualTo("OriginRecorderTest.java");
      assertThat(test.getLineNumber()).isEqualTo(line);
      assertThat(origin.starterOrigin()).isEmpty();
    }
  }

  @DataProvider
  public Object[] pools() {
    return new Object[] {
      pool("newFixedThreadPool", () -> Executors.newFixedThreadPool(1)),
      pool("newCachedThreadPool", Executors::newCachedThreadPool),
      pool("newSingleThreadExecutor", Executors::newSingleThreadExecutor),
      pool("newScheduledThreadPool", () -> Executors.newScheduledThreadPool(1)),
      pool("newSingleThreadScheduledExecutor", Executors::newSingleThreadScheduledExecutor),
      pool("newWorkStealingPool", Executors::newWorkStealingPool),
      pool("new ForkJoinPool", () -> new ForkJoinPool(1)),
    };
  }

  /** Named, so that a report of this test tells which pool it was. */
  private static Supplier<ExecutorService> pool(String name, Supplier<ExecutorService> factory) {
    return new Supplier<>() {
      @Override
      public ExecutorService get() {
        return factory.get();
      }

      @Override
      public String toString() {
        return name;
      }
    };
  }

  @Test(dataProvider = "pools")
  public void looksThroughAPool(Supplier<ExecutorService> factory) {
    ExecutorService pool = factory.get();
    try {
      ThreadOrigin origin = originOf(currentThreadOf(pool));
      assertThat(origin.function()).hasValue(HERE + "currentThreadOf");
      assertThat(origin.calledFrom().get().getMethodName()).isEqualTo("looksThroughAPool");
    } finally {
      pool.shutdown();
    }
  }

  @Test
  public void followsStartersUp() throws Exception {
    ExecutorService pool = Executors.newCachedThreadPool();
    try {
      Future<BlockedThread> started = pool.submit(() -> startGrandchild());
      try (BlockedThread grandchild = started.get()) {
        ThreadOrigin origin = originOf(grandchild.thread());
        assertThat(origin.calledFrom().get().getMethodName()).contains("followsStartersUp");
        assertThat(origin.starterName()).startsWith("pool-");
        assertThat(origin.isInvoked()).isFalse();

        ThreadOrigin before = origin.starterOrigin().get();
        assertThat(before.function()).hasValue(HERE + "followsStartersUp");
        assertThat(before.starterId()).isEqualTo(LiveThreads.id(Thread.currentThread()));
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  public void followsStartersThatHaveEnded() throws Exception {
    CompletableFuture<BlockedThread> started = new CompletableFuture<>();
    Thread child = new Thread(() -> started.complete(startGrandchild()), "child");
    child.start();
    child.join();
    try (BlockedThread grandchild = started.get()) {
      ThreadOrigin origin = originOf(grandchild.thread());
      assertThat(origin.starterName()).isEqualTo("child");
      assertThat(origin.starterOrigin().get().function())
          .hasValue(HERE + "followsStartersThatHaveEnded");
    }
  }

  @Test
  public void namesTheOneWhoStartedThePoolWhereAWorkerOfItStartedAnother() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    try {
      Thread first = currentThreadOf(pool);
      pool.execute(
          () -> {
            throw new WorkerEnds();
          });
      first.join();
      ThreadOrigin origin = originOf(currentThreadOf(pool));
      assertThat(origin.function()).hasValue(HERE + "currentThreadOf");
    } finally {
      pool.shutdown();
    }
  }

  @Test
  public void knowsWhoMadeATimer() throws Exception {
    Timer timer = new Timer();
    try {
      CompletableFuture<Thread> thread = new CompletableFuture<>();
      timer.schedule(
          new TimerTask() {
            @Override
            public void run() {
              thread.complete(Thread.currentThread());
            }
          },
          0);
      assertThat(originOf(thread.get()).function()).hasValue(HERE + "knowsWhoMadeATimer");
    } finally {
      timer.cancel();
    }
  }

  @Test
  public void looksThroughAParallelStreamInAPoolOfOnesOwn() throws Exception {
    ForkJoinPool pool = new ForkJoinPool(2);
    CountDownLatch bothRun = new CountDownLatch(2);
    try {
      Set<Thread> workers =
          pool.submit(
                  () ->
                      IntStream.range(0, 2)
                          .parallel()
                          .mapToObj(
                              i -> {
                                bothRun.countDown();
                                Uninterruptibles.awaitUninterruptibly(bothRun);
                                return Thread.currentThread();
                              })
                          .collect(Collectors.toSet()))
              .get();
      assertThat(workers).hasSize(2);
      for (Thread worker : workers) {
        assertThat(originOf(worker).function().get()).startsWith(HERE);
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  public void looksThroughACompletableFuture() throws Exception {
    Executor ownThreads = body -> new Thread(body, "own").start();
    CountDownLatch end = new CountDownLatch(1);
    CompletableFuture<Thread> ran = new CompletableFuture<>();
    CompletableFuture<Void> future =
        CompletableFuture.runAsync(
            () -> {
              ran.complete(Thread.currentThread());
              Uninterruptibles.awaitUninterruptibly(end);
            },
            ownThreads);
    try {
      ThreadOrigin origin = originOf(ran.get());
      assertThat(origin.calledFrom().get().getMethodName())
          .isEqualTo("looksThroughACompletableFuture");
    } finally {
      end.countDown();
      future.get();
    }
  }

  @Test
  public void answersACallerThatIsInterrupted() {
    try (BlockedThread blocked = BlockedThread.start("blocked")) {
      Thread.currentThread().interrupt();
      Optional<ThreadOrigin> origin = OriginRecorder.JVM.originOf(LiveThreads.id(blocked.thread()));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(origin).isPresent();
    }
  }

  @Test
  public void missesNoneOfManyThatEndAtOnceBetweenReadings() throws Exception {
    for (int round = 0; round < 50; round++) {
      Thread starter = new Thread(() -> {}, "short");
      starter.start();
      try (BlockedThread blocked = BlockedThread.start("blocked")) {
        starter.join();
        assertThat(OriginRecorder.JVM.originOf(LiveThreads.id(blocked.thread()))).isPresent();
      }
      assertThat(OriginRecorder.JVM.originOf(LiveThreads.id(starter))).isPresent();
    }
  }

  /** JDK 17 tells nothing of a starter that ends in the milliseconds in which it is read. */
  @Test
  public void knowsStartersThatEndJustWhenTheRecordingIsRead() throws Exception {
    AtomicBoolean isRead = new AtomicBoolean();
    Map<Long, Long> starters = new ConcurrentHashMap<>();
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> relays = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        relays.add(
            pool.submit(
                () -> {
                  for (int j = 0; j < 500 && !isRead.get(); j++) {
                    Uninterruptibles.joinUninterruptibly(startsAnotherAndEnds(starters));
                  }
                }));
      }
      for (int i = 0; i < 20; i++) {
        try (BlockedThread newest = BlockedThread.start("newest")) {
          originOf(newest.thread());
        }
      }
      isRead.set(true);
      for (Future<?> relay : relays) {
        relay.get();
      }
    } finally {
      pool.shutdown();
    }
    Map<Long, Long> recorded = new HashMap<>();
    starters.forEach(
        (started, starter) ->
            recorded.put(started, OriginRecorder.JVM.originOf(started).get().starterId()));
    assertThat(recorded).isEqualTo(starters);
  }

  /** Starts a thread that starts another and ends as soon as that one runs. */
  private static Thread startsAnotherAndEnds(Map<Long, Long> starters) {
    Thread starter =
        new Thread(
            () -> {
              CountDownLatch runs = new CountDownLatch(1);
              Thread started = new Thread(runs::countDown, "started");
              starters.put(LiveThreads.id(started), LiveThreads.id(Thread.currentThread()));
              started.start();
              Uninterruptibles.awaitUninterruptibly(runs);
            },
            "starter");
    starter.start();
    return starter;
  }

  @Test
  public void knowsNothingOfAThreadThatIsOlderOrNever() {
    assertThat(OriginRecorder.JVM.originOf(LiveThreads.id(mainThread()))).isEmpty();
    assertThat(OriginRecorder.JVM.originOf(Long.MAX_VALUE)).isEmpty();
    try (BlockedThread recorded = BlockedThread.start("recorded")) {
      assertThat(OriginRecorder.JVM.originOf(LiveThreads.id(recorded.thread()))).isPresent();
    }
  }

  @Test
  public void looksOnceOnlyForAThreadThatNeverRunsJavaCode() {
    long recorder =
        find("JFR Recorder Thread")
            .map(LiveThreads::id)
            .orElseThrow(() -> new SkipException("this JDK, as 17, hides the recorder's thread"));
    assertThat(OriginRecorder.JVM.originOf(recorder)).isEmpty();
    long before = timesThatTheReaderWaited();

    for (int i = 0; i < 20; i++) {
      assertThat(OriginRecorder.JVM.originOf(recorder)).isEmpty();
    }

    // Each reading is waited for; besides, there is one look each second.
    assertThat(timesThatTheReaderWaited() - before).isLessThan(15);
  }

  private static long timesThatTheReaderWaited() {
    return ManagementFactory.getThreadMXBean()
        .getThreadInfo(LiveThreads.id(named("LeakVerifier origins")))
        .getWaitedCount();
  }

  private static Thread mainThread() {
    return named("main");
  }

  private static Thread named(String name) {
    return find(name).get();
  }

  private static Optional<Thread> find(String name) {
    return Arrays.stream(LiveThreads.platformThreads())
        .filter(thread -> thread.getName().equals(name))
        .findAny();
  }

  private static BlockedThread startGrandchild() {
    return BlockedThread.start("grandchild");
  }

  private static Thread currentThreadOf(ExecutorService pool) {
    Supplier<Thread> task = Thread::currentThread;
    return CompletableFuture.supplyAsync(task, pool).join();
  }

  private static ThreadOrigin originOf(Thread thread) {
    ThreadSample sample =
        LiveThreads.withOrigins(OriginRecorder.JVM::originOf)
            .sample(List.of(LiveThread.of(thread)))
            .samples()
            .get(0);
    assertThat(sample.createdBy()).isEqualTo(sample.origin().flatMap(ThreadOrigin::function));
    return sample.origin().get();
  }

  /** Ends the worker of a pool; prints nothing. */
  private static final class WorkerEnds extends Error {
    private static final long serialVersionUID = 1L;

    WorkerEnds() {
      super("ends the worker", null, false, false);
    }
  }
}
