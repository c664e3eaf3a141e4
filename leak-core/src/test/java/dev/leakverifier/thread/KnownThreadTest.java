package dev.leakverifier.thread;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static java.util.stream.Collectors.toCollection;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.origin.OriginRecorder;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.Sleeper;
import dev.leakverifier.testing.ThreadForm;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.UnicastRemoteObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import jdk.jfr.Recording;
import org.testng.SkipException;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Makes the threads that can be made here, and threads of a user's that look alike. */
public class KnownThreadTest {
  private static final KnownThread SCHEDULER_OF_TIMEOUTS =
      Runtime.version().feature() < 25
          ? KnownThread.COMPLETABLE_FUTURE_DELAY_SCHEDULER
          : KnownThread.COMMON_POOL_DELAY_SCHEDULER;

  @Test
  public void knowsEveryThreadOfThisTestRun() {
    for (ThreadSample thread : live()) {
      if (!thread.name().equals(Thread.currentThread().getName())) {
        assertWithMessage("%s in %s\n%s", thread, thread.groupName(), thread.stack())
            .that(KnownThread.of(thread))
            .isNotEqualTo(Optional.empty());
      }
    }
  }

  @Test
  public void knowsTheJvmsOwn() {
    assertThat(known("Reference Handler")).isEqualTo(KnownThread.REFERENCE_HANDLER);
    assertThat(known("Finalizer")).isEqualTo(KnownThread.FINALIZER);
    assertThat(known("Signal Dispatcher")).isEqualTo(KnownThread.SIGNAL_DISPATCHER);
    assertThat(known("Common-Cleaner")).isEqualTo(KnownThread.JDK_HELPER);
    assertThat(known("main")).isEqualTo(KnownThread.MAIN);
  }

  @Test
  public void knowsTheProcessReaper() throws Exception {
    Process process = new ProcessBuilder("sleep", "60").start();
    try {
      assertThat(newThreadNamed(name -> name.startsWith("process reaper")))
          .isAnyOf(KnownThread.PROCESS_REAPER, KnownThread.JDK_HELPER);
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  @Test
  public void knowsAnIdleWorkerOfTheCommonPool() throws Exception {
    assertThat(sample(commonPoolWorker()).isCommonPoolWorker()).isTrue();
    awaitKnown(thread -> thread.isCommonPoolWorker(), KnownThread.COMMON_POOL_WORKER);
  }

  @Test
  public void doesNotTakeAWorkerOfTheCommonPoolForIdleBeforeItsFirstTask() throws Exception {
    Thread worker = commonPoolWorker();
    String[] frames = {"java.base/java.util.concurrent.ForkJoinWorkerThread.run:165"};
    String threadClass = "java.util.concurrent.ForkJoinWorkerThread";

    assertThat(KnownThread.of(Samples.of(worker, threadClass, Thread.State.RUNNABLE, frames)))
        .isEqualTo(Optional.empty());
    assertThat(KnownThread.of(Samples.of(worker, threadClass, Thread.State.WAITING, frames)))
        .isEqualTo(Optional.of(KnownThread.COMMON_POOL_WORKER));
  }

  @Test
  public void knowsTheSchedulerOfCompletableFutureTimeouts() {
    CompletableFuture<String> never = new CompletableFuture<>();
    never.orTimeout(1, TimeUnit.DAYS);
    awaitKnown(thread -> true, SCHEDULER_OF_TIMEOUTS);
    never.cancel(true);
  }

  @DataProvider
  Object[][] tasksThatHang() {
    Function<Semaphore, Runnable> usersCode = end -> () -> end.acquireUninterruptibly();
    Function<Semaphore, Runnable> jdksCodeOnly = end -> end::acquireUninterruptibly;
    return new Object[][] {{usersCode}, {jdksCodeOnly}};
  }

  @Test(dataProvider = "tasksThatHang")
  public void findsATaskThatHangsInTheSchedulerOfTimeouts(Function<Semaphore, Runnable> task) {
    hang(task, CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS, Runnable::run));
    awaitKnown(thread -> true, SCHEDULER_OF_TIMEOUTS);
  }

  @Test(dataProvider = "tasksThatHang")
  public void findsATaskThatHangsInTheCommonPool(Function<Semaphore, Runnable> task) {
    hang(task, ForkJoinPool.commonPool());
    awaitKnown(thread -> thread.isCommonPoolWorker(), KnownThread.COMMON_POOL_WORKER);
  }

  private static void hang(Function<Semaphore, Runnable> task, Executor executor) {
    Semaphore end = new Semaphore(0);
    executor.execute(task.apply(end));
    try {
      Optional<ThreadSample> hanging;
      do {
        hanging =
            live().stream()
                .filter(t -> t.hasFunction("java.util.concurrent.Semaphore.acquireUninterruptibly"))
                .findFirst();
      } while (hanging.isEmpty());
      assertThat(KnownThread.of(hanging.get())).isEqualTo(Optional.empty());
    } finally {
      end.release();
    }
  }

  @Test
  public void knowsFlightRecorder() {
    try (Recording recording = new Recording()) {
      recording.enable("jdk.CPULoad").withPeriod(Duration.ofSeconds(1));
      recording.start();
      awaitKnown(
          thread -> thread.name().equals("JFR Periodic Tasks"), KnownThread.FLIGHT_RECORDER_TASKS);
      live().stream() // JDK 17 does not list it
          .filter(thread -> thread.name().equals("JFR Recorder Thread"))
          .forEach(
              thread ->
                  assertThat(KnownThread.of(thread))
                      .isEqualTo(Optional.of(KnownThread.FLIGHT_RECORDER)));
    }
  }

  @Test
  public void knowsTheDefaultGroupOfAsynchronousChannels() throws Exception {
    Set<Long> before = liveIds();
    try (AsynchronousServerSocketChannel channel =
        AsynchronousServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      Future<AsynchronousSocketChannel> accepted = channel.accept();
      awaitAllKnown(before);
      accepted.cancel(true);
    }
  }

  @Test
  public void knowsWhatARemoteRegistryStarts() throws Exception {
    Set<Long> before = liveIds();
    Registry registry = LocateRegistry.createRegistry(0);
    awaitAllKnown(before);
    UnicastRemoteObject.unexportObject(registry, true);
  }

  @Test
  public void knowsWhatAnAttachedToolStarts() throws Exception {
    Set<Long> before = liveIds();
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(
                jcmd.toString(), Long.toString(ProcessHandle.current().pid()), "VM.version")
            .redirectErrorStream(true)
            .start();
    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).contains("version");
    assertThat(process.waitFor()).isEqualTo(0);
    awaitAllKnown(before);
    assertThat(live().stream().map(KnownThread::of).toList())
        .contains(Optional.of(KnownThread.ATTACH_LISTENER));
  }

  @Test
  public void knowsTheMachineryOfVirtualThreads() throws Exception {
    Set<Long> before = liveIds();
    skipWithoutVirtualThreads();
    Thread virtual = ThreadForm.VIRTUAL.start("sleeping", () -> Sleeper.sleep(Duration.ofDays(1)));
    before.add(LiveThreads.id(virtual));
    awaitAllKnown(before);
    ThreadForm.end(virtual);
    awaitAllKnown(before);
  }

  @Test
  public void knowsWhatWaitsForTheSocketsOfVirtualThreads() throws Exception {
    skipWithoutVirtualThreads();
    Set<Long> before = liveIds();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread virtual = ThreadForm.VIRTUAL.start("accepting", () -> accept(server));
      before.add(LiveThreads.id(virtual));
      while (virtual.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      awaitAllKnown(before);
      ThreadSample accepting =
          LiveThreads.JVM.sample(LiveThreads.JVM.list().threads()).samples().stream()
              .filter(t -> t.name().equals("accepting"))
              .findFirst()
              .orElseThrow();
      assertThat(KnownThread.of(accepting)).isEqualTo(Optional.empty());
      server.close();
      virtual.join();
    }
  }

  @Test
  public void knowsAVirtualPollerByItsLoopOnly() {
    ImmutableList<StackTraceElement> loop =
        frames("java.base/sun.nio.ch.Poller.poll:1", "java.base/sun.nio.ch.Poller.subPollerLoop:2");
    ImmutableList<StackTraceElement> users = frames("java.base/sun.nio.ch.Poller.poll:1");
    ImmutableList<StackTraceElement> pretended = frames("sun.nio.ch.Poller.subPollerLoop:2");

    assertThat(KnownThread.of(virtual("SubPoller-0", loop)))
        .isEqualTo(Optional.of(KnownThread.VIRTUAL_THREAD_POLLER));
    assertThat(KnownThread.of(virtual("SubPoller-0", users))).isEqualTo(Optional.empty());
    assertThat(KnownThread.of(virtual("SubPoller-0", pretended))).isEqualTo(Optional.empty());
  }

  @Test(dataProvider = "namesOfKnownThreads")
  public void isNotFooledByAUsersVirtualThreadOfThatName(String name) {
    // A task made of the JDK's code only, e.g. a method reference.
    assertThat(KnownThread.of(virtual(name, frames("java.base/java.util.concurrent.X.take:1"))))
        .isEqualTo(Optional.empty());
    assertThat(KnownThread.of(virtual(name, frames()))).isEqualTo(Optional.empty());
    assertThat(
            KnownThread.of(
                virtual(name, frames("java.base/sun.nio.ch.EPollPort$EventHandlerTask.run"))))
        .isEqualTo(Optional.empty());
  }

  private static void skipWithoutVirtualThreads() {
    if (!ThreadForm.VIRTUAL.isThere()) {
      throw new SkipException(ThreadForm.WHY_NOT);
    }
  }

  private static void accept(ServerSocket server) {
    try {
      throw new AssertionError("a client: " + server.accept());
    } catch (IOException e) {
      // closed: the test is over
    }
  }

  private static ThreadSample virtual(String name, ImmutableList<StackTraceElement> frames) {
    return ThreadSample.builder(99, name, Thread.State.WAITING).virtual().frames(frames).build();
  }

  private static ImmutableList<StackTraceElement> frames(String... frames) {
    return ImmutableList.copyOf(Samples.of("any", Thread.State.WAITING, frames).frames());
  }

  @DataProvider
  Object[][] toolsThatAreNotHere() {
    return new Object[][] {
      {"org.gradle.internal.concurrent.ThreadFactoryImpl$1.run", KnownThread.GRADLE},
      {"org.jacoco.agent.rt.internal_1f1cc91.output.TcpServerOutput$1.run", KnownThread.JACOCO},
      {"com.yourkit.probes.Telemetry.run", KnownThread.YOURKIT},
      {"org.jboss.byteman.agent.TransformListener.run", KnownThread.BYTEMAN},
      {
        "io.opentelemetry.javaagent.shaded.io.opentelemetry.sdk.trace.export.BatchSpanProcessor.run",
        KnownThread.OPEN_TELEMETRY_AGENT
      },
      {"com.intellij.rt.execution.application.AppMainV2$1.run", KnownThread.INTELLIJ},
      {
        "org.eclipse.jdt.internal.junit.runner.RemoteTestRunner$ReaderThread.run",
        KnownThread.ECLIPSE
      },
      {"org.apache.maven.surefire.booter.ForkedBooter$4.run", KnownThread.SUREFIRE},
      {"org.apache.maven.lifecycle.internal.builder.multithreaded.A.run", KnownThread.MAVEN},
      {"org.testng.internal.thread.ThreadUtil$1.run", KnownThread.TESTNG_WORKER},
      {"org.junit.runners.ParentRunner$3.run", KnownThread.JUNIT_WORKER},
      {"openj9.internal.tools.attach.target.WaitLoop.run", KnownThread.J9_ATTACH},
    };
  }

  @Test(dataProvider = "toolsThatAreNotHere")
  public void knowsAToolByTheCodeAtTheBottomOfTheStack(String bottom, KnownThread expected) {
    ThreadSample started =
        Samples.of(
            "any", Thread.State.WAITING, "java.base/a.B.c:1", bottom, "java.base/a.Thread.run:1");
    ThreadSample called =
        Samples.of(
            "any", Thread.State.WAITING, bottom, "com.acme.Shop.run:1", "java.base/a.T.run:1");

    assertThat(KnownThread.of(started)).isEqualTo(Optional.of(expected));
    assertThat(KnownThread.of(called)).isEqualTo(Optional.empty());
  }

  @DataProvider
  Object[][] jdkCodeOfOtherPlatforms() {
    return new Object[][] {
      {"sun.net.dns.ResolverConfigurationImpl$AddressChangeListener.run", KnownThread.DNS_LISTENER},
      {"sun.security.pkcs11.SunPKCS11$TokenPoller.run", KnownThread.TOKEN_POLLER},
      {"sun.java2d.Disposer.run", KnownThread.GRAPHICS_DISPOSER},
      {
        "sun.print.PrintServiceLookupProvider$PrinterChangeListener.run",
        KnownThread.PRINTER_LISTENER
      },
    };
  }

  @Test(dataProvider = "jdkCodeOfOtherPlatforms")
  public void knowsTheJdksCodeByItsModule(String function, KnownThread expected) {
    ThreadSample own = Samples.of("Thread-7", Thread.State.WAITING, "java.base/" + function);
    ThreadSample users = Samples.of("Thread-7", Thread.State.WAITING, function);

    assertThat(KnownThread.of(own)).isEqualTo(Optional.of(expected));
    assertThat(KnownThread.of(users)).isEqualTo(Optional.empty());
  }

  @Test
  public void knowsAnIdlePoolByTheRunnerThatHasMadeIt() {
    assertThat(KnownThread.of(idleWorkerOf("org.apache.maven.surefire.junitcore.pc.A.schedule")))
        .isEqualTo(Optional.of(KnownThread.RUNNER_IDLE_WORKER));
    assertThat(KnownThread.of(idleWorkerOf("org.junit.experimental.ParallelComputer$1.schedule")))
        .isEqualTo(Optional.of(KnownThread.RUNNER_IDLE_WORKER));
    assertThat(KnownThread.of(idleWorkerOf("com.acme.Pool.schedule"))).isEqualTo(Optional.empty());
  }

  private static ThreadSample idleWorkerOf(String starter) {
    return Samples.startedBy(
        new ThreadOrigin(1, "main", List.of(Samples.frame(starter + ":1")), Optional.empty()),
        "pool-1-thread-1",
        "java.base/java.util.concurrent.ThreadPoolExecutor.getTask:1",
        "java.base/java.lang.Thread.run:1");
  }

  @Test
  public void knowsTheRecorderOfOriginsAndTheFlightRecorderThatItStarts() throws Exception {
    Set<Long> before = liveIds();
    try (OriginRecorder.Session recording = OriginRecorder.JVM.start()) {
      recording.await();
      awaitAllKnown(before);
    }
  }

  @Test
  public void waitsWithAJdkHelperUntilItShowsWhatItDoes() {
    Thread helper = new Thread("FileSystemWatchService");
    String innocuous = "jdk.internal.misc.InnocuousThread";
    String[] starting = {
      "java.base/java.lang.Thread.run:1", "java.base/jdk.internal.misc.InnocuousThread.run:1"
    };

    assertThat(KnownThread.of(Samples.of(helper, innocuous, Thread.State.RUNNABLE)))
        .isEqualTo(Optional.empty());
    assertThat(KnownThread.of(Samples.of(helper, innocuous, Thread.State.RUNNABLE, starting)))
        .isEqualTo(Optional.empty());
    assertThat(
            KnownThread.of(
                Samples.of(
                    helper,
                    innocuous,
                    Thread.State.WAITING,
                    "java.base/java.lang.ref.ReferenceQueue.remove:1",
                    "java.base/jdk.internal.ref.CleanerImpl.run:1",
                    "java.base/jdk.internal.misc.InnocuousThread.run:1")))
        .isEqualTo(Optional.of(KnownThread.JDK_HELPER));
  }

  @Test
  public void hasAReasonForEach() {
    for (KnownThread known : KnownThread.values()) {
      assertThat(known.reason()).matches("\\p{Alnum}.{10,}[^.]");
    }
  }

  @DataProvider
  Object[][] namesOfKnownThreads() {
    return new String[][] {
      {"main"},
      {"Reference Handler"},
      {"Finalizer"},
      {"Signal Dispatcher"},
      {"Attach Listener"},
      {"Common-Cleaner"},
      {"Notification Thread"},
      {"DestroyJavaVM"},
      {"process reaper"},
      {"process reaper (pid 7)"},
      {"Keep-Alive-Timer"},
      {"ForkJoinPool.commonPool-worker-1"},
      {"JFR Recorder Thread"},
      {"CompletableFutureDelayScheduler"},
      {"ForkJoinPool.commonPool-delayScheduler"},
      {"RMI TCP Connection(idle)"},
      {"RMI Scheduler(0)"},
      {"GC Daemon"},
      {"RMI Reaper"},
      {"surefire-forkedjvm-ping-30s"},
      {"surefire-forkedjvm-stream-flusher"},
      {"TestNG-tests-1"},
      {"LeakVerifier origins"},
      {"LeakVerifier monitor"},
      {"JFR Periodic Tasks"},
      {"MemoryPoolMXBean notification dispatcher"},
      {"Attach API wait loop"},
      {"Thread-7"},
      {"ForkJoinPool-1-worker-1"},
      {"ForkJoinPool-1-delayScheduler"},
      {"VirtualThread-unblocker"},
      {"VirtualThread-unparker"},
      {"MasterPoller"},
      {"Read-Poller"},
      {"Write-Poller"},
      {"SubPoller-0"},
      {"JMX server connection timeout 1"},
      {"RMI TCP Accept-0"},
      {"RMI TCP Connection(1)-127.0.0.1"},
      {"surefire-forkedjvm-command-thread"},
      {"Monitor Ctrl-Break"},
      {"ReaderThread"},
      {"Test worker"},
      {"YJPAgent-Telemetry"},
      {"BatchSpanProcessor_WorkerThread-1"},
      {"Java2D Disposer"},
      {"Poller SunPKCS11"},
      {"BuilderThread-0"},
      {"JFR Event Stream 1"},
    };
  }

  @Test(dataProvider = "namesOfKnownThreads")
  public void isNotFooledByAUsersThreadOfThatName(String name) {
    ThreadGroup system = Thread.currentThread().getThreadGroup();
    while (system.getParent() != null) {
      system = system.getParent();
    }
    ThreadGroup group = system;
    try (BlockedThread decoy =
        BlockedThread.start(
            body -> {
              Thread thread = new Thread(group, body, name);
              thread.setDaemon(true);
              return thread;
            })) {
      assertThat(KnownThread.of(sample(decoy.thread()))).isEqualTo(Optional.empty());
    }
  }

  @Test
  public void isNotFooledByWhatAUserCanShutDown() throws Exception {
    Set<Long> before = liveIds();
    Cleaner cleaner = Cleaner.create(); // its thread ends when it is collected
    ForkJoinPool pool = new ForkJoinPool(1);
    pool.submit(() -> {}).get();
    WatchService watcher = FileSystems.getDefault().newWatchService();
    try {
      List<ThreadSample> users =
          live().stream()
              .filter(thread -> !before.contains(thread.id()))
              .filter(
                  thread ->
                      thread.name().startsWith("ForkJoinPool-")
                          || thread.frames().stream()
                              .anyMatch(f -> f.getClassName().startsWith("sun.nio.fs.")))
              // the JVM's carriers have the same names
              .filter(thread -> !thread.threadClass().equals("jdk.internal.misc.CarrierThread"))
              .toList();
      assertThat(users.size()).isAtLeast(1);
      for (ThreadSample thread : users) {
        assertWithMessage(thread.name()).that(KnownThread.of(thread)).isEqualTo(Optional.empty());
      }
    } finally {
      pool.shutdown();
      assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      watcher.close();
      cleaner.register(new Object(), () -> {});
    }
  }

  private static List<ThreadSample> live() {
    return LiveThreads.samplePlatform(List.of(LiveThreads.platformThreads()));
  }

  private static ThreadSample sample(Thread thread) {
    return LiveThreads.samplePlatform(List.of(thread)).get(0);
  }

  private static KnownThread known(String name) {
    return newThreadNamed(name::equals);
  }

  private static KnownThread newThreadNamed(Predicate<String> name) {
    return live().stream()
        .filter(thread -> name.test(thread.name()))
        .findFirst()
        .flatMap(KnownThread::of)
        .orElseThrow();
  }

  /** Not by submit().get(), which may run the task on the calling thread. */
  private static Thread commonPoolWorker() throws Exception {
    CompletableFuture<Thread> worker = new CompletableFuture<>();
    ForkJoinPool.commonPool().execute(() -> worker.complete(Thread.currentThread()));
    return worker.get();
  }

  private static Set<Long> liveIds() {
    return live().stream().map(ThreadSample::id).collect(toCollection(HashSet::new));
  }

  /** Waits, as a check would, until all threads that are new have come to rest where known. */
  private static void awaitAllKnown(Set<Long> before) {
    long start = System.nanoTime();
    List<ThreadSample> unknown;
    do {
      unknown =
          live().stream()
              .filter(thread -> !before.contains(thread.id()))
              .filter(thread -> KnownThread.of(thread).isEmpty())
              .toList();
    } while (!unknown.isEmpty() && System.nanoTime() - start < SECONDS.toNanos(30));
    assertThat(unknown.stream().map(t -> t + " " + t.groupName() + "\n" + t.stack()).toList())
        .isEmpty();
  }

  /** Waits, as a check would, until a thread has come to rest where it is known. */
  private static void awaitKnown(Predicate<ThreadSample> which, KnownThread expected) {
    while (live().stream()
        .filter(which)
        .map(KnownThread::of)
        .noneMatch(Optional.of(expected)::equals)) {
      Thread.onSpinWait();
    }
  }
}
