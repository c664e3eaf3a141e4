package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static dev.leakverifier.testing.ThreadForm.VIRTUAL;

import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.ThreadForm;
import dev.leakverifier.testing.VirtualThreadTests;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Virtual threads of the real JVM. */
public class VirtualThreadLeakTest extends VirtualThreadTests {
  private static final LeakOption AT_ONCE = LeakVerifier.maxWait(Duration.ZERO);
  private static volatile Runnable pinnedBody = () -> {};

  @Test
  public void tellsWhatALeakedOneLooksLike() {
    LeakScope scope = LeakVerifier.scope(AT_ONCE);
    try (BlockedThread leaked = VIRTUAL.startBlocked("poller")) {
      ThreadSample sample = only(scope.check());

      assertThat(sample.name()).isEqualTo("poller");
      assertThat(sample.id()).isEqualTo(leaked.thread().getId());
      assertThat(sample.isVirtual()).isTrue();
      assertThat(sample.isDaemon()).isTrue();
      assertThat(sample.state()).isEqualTo(Thread.State.WAITING);
      assertThat(sample.groupName()).isEqualTo("VirtualThreads");
      assertThat(sample.threadClass()).isEqualTo(leaked.thread().getClass().getName());
      assertThat(sample.owner().isPresent()).isFalse();
      assertThat(sample.standsIn(BlockedThread.FUNCTION)).isTrue();
      assertThat(sample.frames()).isEqualTo(withoutModuleVersions(leaked.thread()));
    }
    assertThat(scope.check().isEmpty()).isTrue();
  }

  @Test
  public void reportsOnlyThoseThatAreNewerThanTheScope() {
    try (BlockedThread before = VIRTUAL.startBlocked("same-name");
        LeakScope scope = LeakVerifier.scope(AT_ONCE)) {
      assertThat(scope.check().isEmpty()).isTrue();

      try (BlockedThread inside = VIRTUAL.startBlocked("same-name")) {
        assertThat(only(scope.check()).id()).isEqualTo(inside.thread().getId());
      }
    }
  }

  @Test
  public void reportsOneThatWasMadeBeforeTheScopeAndStartedInIt() {
    Thread made = VIRTUAL.unstarted("made before", VirtualThreadLeakTest::waitForever);
    LeakScope scope = LeakVerifier.scope(AT_ONCE);
    assertThat(scope.check().isEmpty()).isTrue();
    made.start();
    try {
      assertThat(only(scope.check()).name()).isEqualTo("made before");
    } finally {
      ThreadForm.end(made);
    }
  }

  @Test
  public void isFoundByVerifyNoneAndFind() {
    try (BlockedThread leaked = VIRTUAL.startBlocked("left")) {
      assertThat(names(LeakVerifier.find(AT_ONCE))).containsExactly("left");
      LeakError error = leakErrorOf(() -> LeakVerifier.verifyNone(AT_ONCE));
      assertThat(error).hasMessageThat().contains("1) waits in vain   \"left\"   virtual, WAITING");
    }
    LeakVerifier.verifyNone();
  }

  @DataProvider
  Object[][] options() {
    return new Object[][] {
      {LeakVerifier.ignoreTopFunction(BlockedThread.FUNCTION)},
      {LeakVerifier.ignoreAnyFunction("java.lang.VirtualThread.run")},
      {LeakVerifier.ignoreName("le?t")},
      {LeakVerifier.ignoreFunc(ThreadSample::isVirtual)},
    };
  }

  @Test(dataProvider = "options")
  public void isIgnoredByTheSameOptions(LeakOption option) {
    try (BlockedThread leaked = VIRTUAL.startBlocked("left")) {
      assertThat(LeakVerifier.find(option).isEmpty()).isTrue();
      assertThat(LeakVerifier.find(AT_ONCE).isEmpty()).isFalse();
    }
  }

  @Test
  public void isNotLookedForIfNobodyWantsToKnow() {
    LeakScope scope = LeakVerifier.scope(AT_ONCE, LeakVerifier.virtualThreads(false));
    try (BlockedThread virtual = VIRTUAL.startBlocked("virtual");
        BlockedThread platform = BlockedThread.start("platform")) {
      assertThat(scope.check().threads().stream().map(ThreadSample::name).toList())
          .containsExactly("platform");
    }
  }

  @Test
  public void isIgnoredByIgnoreCurrentIfItIsAliveThen() {
    try (BlockedThread before = VIRTUAL.startBlocked("before")) {
      LeakOption current = LeakVerifier.ignoreCurrent();
      try (BlockedThread after = VIRTUAL.startBlocked("after")) {
        assertThat(names(LeakVerifier.find(current, AT_ONCE))).containsExactly("after");
      }
    }
  }

  @Test
  public void isWaitedForWhileItEnds() {
    LeakScope scope = LeakVerifier.scope(LeakVerifier.maxWait(Duration.ofMinutes(1)));
    BlockedThread ending = VIRTUAL.startBlocked("ending");
    AtomicBoolean seen = new AtomicBoolean();
    LeakVerifier.find(
        AT_ONCE,
        LeakVerifier.ignoreFunc(
            thread -> seen.compareAndSet(false, thread.name().equals("ending"))));
    assertThat(seen.get()).isTrue();

    ending.release();

    assertThat(scope.check().toString()).isEqualTo("no thread leaked");
  }

  @DataProvider
  Object[][] names() {
    return new Object[][] {
      {""},
      {" "},
      {"a \"quoted\" \\ name / with {json: [1]}, too"},
      {"two\nlines\r\n\tand a tab"},
      {"\",\n\"tid\": \"1\", \"name\": \"faked\", \"stack\": []"},
      {"\u00e9\u202e\u65e5\u672c \ud83d\ude00\u2028\u0085\u007f\ufeff"},
      // JDK 21 to 25 cannot write these as JSON.
      {"\u001b[31mred"},
      {"nul\u0000"},
      {"\u0007two\nlines\t\"quoted\""},
    };
  }

  @Test(dataProvider = "names")
  public void keepsItsNameWhateverItIs(String name) {
    LeakScope scope = LeakVerifier.scope(AT_ONCE);
    try (BlockedThread leaked = VIRTUAL.startBlocked(name)) {
      assertThat(only(scope.check()).name()).isEqualTo(name);
    }
  }

  @DataProvider
  Object[][] forms() {
    return new Object[][] {{ThreadForm.PLATFORM}, {VIRTUAL}};
  }

  /** JDK 21 to 25 cannot write it as JSON. */
  @Test(dataProvider = "forms")
  public void isFoundBesideAThreadWhoseNameBreaksTheJvmsThreadDump(ThreadForm form) {
    LeakScope scope = LeakVerifier.scope(AT_ONCE);
    try (BlockedThread bell = form.startBlocked("\u0007");
        BlockedThread leaked = VIRTUAL.startBlocked("leaked")) {
      LeakReport report = scope.check();

      assertThat(names(report)).containsExactly("\u0007", "leaked");
      assertThat(report.toString()).doesNotContain("not seen: virtual threads");
    }
    assertThat(scope.check().isEmpty()).isTrue();
  }

  @Test
  public void isTheSameThreadInADumpAsTextAndInOneAsJson() {
    try (BlockedThread older = VIRTUAL.startBlocked("older");
        BlockedThread bell = VIRTUAL.startBlocked("\u0007")) {
      LeakScope scope = LeakVerifier.scope(AT_ONCE);
      LeakOption current = LeakVerifier.ignoreCurrent();
      bell.close();
      try (BlockedThread leaked = VIRTUAL.startBlocked("leaked")) {
        assertThat(names(scope.check())).containsExactly("leaked");
        assertThat(names(LeakVerifier.find(current, AT_ONCE))).containsExactly("leaked");
      }
    }
  }

  @Test
  public void isFoundInAnExecutorThatNobodyClosedWithTheExecutorAsOwner() throws Exception {
    LeakScope scope = LeakVerifier.scope(AT_ONCE);
    ExecutorService executor = ThreadForm.virtualThreadPerTaskExecutor();
    CountDownLatch running = new CountDownLatch(1);
    executor.execute(
        () -> {
          running.countDown();
          waitForever();
        });
    running.await();
    LeakReport report = scope.check();
    executor.shutdownNow();
    assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();

    if (ThreadForm.dump().equals("thread dump")) {
      assertThat(only(report).owner().orElseThrow()).isEqualTo(executor.toString());
    } else { // a heap dump has no hash codes
      assertThat(only(report).owner().orElseThrow())
          .matches("java\\.util\\.concurrent\\.ThreadPerTaskExecutor@[0-9a-f]+");
    }
    assertThat(report.toString())
        .contains("   owner    java.util.concurrent.ThreadPerTaskExecutor@");
    assertThat(scope.check().isEmpty()).isTrue();
  }

  @Test
  public void isFoundWhileItSpinsOnItsCarrier() throws Exception {
    AtomicBoolean stopped = new AtomicBoolean();
    CountDownLatch running = new CountDownLatch(1);
    LeakScope scope = LeakVerifier.scope(AT_ONCE);
    Thread spinning =
        VIRTUAL.start(
            "spinning",
            () -> {
              running.countDown();
              while (!stopped.get()) {
                Thread.onSpinWait();
              }
            });
    running.await();
    try {
      assertThat(only(scope.check()).state()).isEqualTo(Thread.State.RUNNABLE);
    } finally {
      stopped.set(true);
      spinning.join();
    }
  }

  @Test
  public void isFoundWhileItIsPinnedToItsCarrier() {
    LeakScope scope = LeakVerifier.scope(AT_ONCE);
    // A class initialiser holds a native frame, so that the thread cannot leave its carrier.
    try (BlockedThread pinned =
        BlockedThread.start(
            body ->
                VIRTUAL.unstarted(
                    "pinned",
                    () -> {
                      pinnedBody = body;
                      assertThat(new Pinned()).isNotNull();
                    }))) {
      ThreadSample sample = only(scope.check());

      assertThat(sample.name()).isEqualTo("pinned");
      assertThat(sample.hasFunction(Pinned.class.getName() + ".<clinit>")).isTrue();
    }
  }

  private static final class Pinned {
    static {
      pinnedBody.run();
    }
  }

  @Test
  public void isFoundWhileItIsBlockedOnAMonitor() throws Exception {
    Object monitor = new Object();
    LeakScope scope = LeakVerifier.scope(AT_ONCE);
    Thread blocked;
    synchronized (monitor) {
      blocked =
          VIRTUAL.start(
              "blocked",
              () -> {
                synchronized (monitor) {
                  waitForever();
                }
              });
      while (blocked.getState() != Thread.State.BLOCKED) {
        Thread.onSpinWait();
      }
      assertThat(only(scope.check()).name()).isEqualTo("blocked");
    }
    ThreadForm.end(blocked);
  }

  @Test
  public void neverCountsWhenItIsTheOneThatChecks() throws Exception {
    CompletableFuture<LeakReport> report = new CompletableFuture<>();
    try (BlockedThread left = VIRTUAL.startBlocked("left")) {
      VIRTUAL.start("checking", () -> report.complete(LeakVerifier.find(AT_ONCE))).join();
    }

    assertThat(names(report.get())).contains("left");
    assertThat(names(report.get())).doesNotContain("checking");
  }

  @Test
  public void canCheckAPlatformThreadAndItsLikes() throws Exception {
    CompletableFuture<LeakReport> report = new CompletableFuture<>();
    VIRTUAL
        .start(
            "checking",
            () -> {
              LeakScope scope = LeakVerifier.scope(AT_ONCE);
              try (BlockedThread one = ThreadForm.PLATFORM.startBlocked("platform");
                  BlockedThread two = VIRTUAL.startBlocked("virtual")) {
                report.complete(scope.check());
              }
            })
        .join();

    assertThat(names(report.get())).containsExactly("platform", "virtual");
  }

  @Test
  public void isSeenThoughAnInterruptWasLeftBehind() {
    String heap = System.clearProperty("leak.heap"); // else it is a line that the heap is not asked
    LeakScope scope = LeakVerifier.scope(AT_ONCE);
    try (BlockedThread leaked = VIRTUAL.startBlocked("leaked")) {
      Thread.currentThread().interrupt();
      LeakReport report = scope.check();

      assertThat(Thread.interrupted()).isTrue();
      assertThat(report.toString()).doesNotContain("not seen");
      assertThat(names(report)).containsExactly("leaked");
    } finally {
      System.setProperty("leak.heap", heap);
    }
  }

  @Test
  public void isOneReadableGroupWhereTenThousandLeak() {
    LeakScope scope = LeakVerifier.scope(AT_ONCE);
    List<Thread> leaked = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      leaked.add(VIRTUAL.start("", VirtualThreadLeakTest::waitForever));
    }
    try {
      for (Thread thread : leaked) {
        while (thread.getState() != Thread.State.WAITING) {
          Thread.onSpinWait();
        }
      }
      LeakReport report = scope.check();
      LeakError error = report.toError();

      assertThat(report.toString()).startsWith("10000 threads leaked (looked once, without");
      assertThat(report.toString())
          .contains("\n1) 10000 x waits in vain   (no name)   virtual, WAITING\n");
      assertThat(report.toString().lines().count()).isAtMost(20);
      assertThat(error.getSuppressed()).hasLength(100);
    } finally {
      leaked.forEach(Thread::interrupt);
      leaked.forEach(ThreadForm::end);
    }
  }

  private static void waitForever() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<StackTraceElement> withoutModuleVersions(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .map(
            frame ->
                new StackTraceElement(
                    null,
                    frame.getModuleName(),
                    null,
                    frame.getClassName(),
                    frame.getMethodName(),
                    frame.getFileName(),
                    frame.getLineNumber()))
        .toList();
  }

  private static LeakError leakErrorOf(Runnable check) {
    try {
      check.run();
    } catch (LeakError e) {
      return e;
    }
    throw new AssertionError("no LeakError");
  }

  private static ThreadSample only(LeakReport report) {
    assertThat(report.threads()).hasSize(1);
    return report.threads().get(0);
  }

  private static List<String> names(LeakReport report) {
    return report.threads().stream().map(ThreadSample::name).toList();
  }
}
