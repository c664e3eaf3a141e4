package dev.leakverifier;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.testng.Assert.assertThrows;

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.LeakingProgram.Leak;
import dev.leakverifier.diagnosis.Diagnosis;
import dev.leakverifier.diagnosis.IgnoreLine;
import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.diagnosis.LeakKind;
import dev.leakverifier.monitor.ThreadMonitor;
import dev.leakverifier.testing.ThreadForm;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.testng.SkipException;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What a report says of real leaks, each in the forms of threads that it can have. */
public class DiagnosisTest {
  private static final Duration LOOK_ONCE = Duration.ZERO;

  @DataProvider
  Iterator<Object[]> programs() {
    return Arrays.stream(LeakingProgram.values())
        .flatMap(
            program ->
                Arrays.stream(ThreadForm.values())
                    .filter(program::canBe)
                    .map(form -> new Object[] {program, form}))
        .iterator();
  }

  @Test(dataProvider = "programs")
  public void saysWhyItIsThereAndWhatWasForgotten(LeakingProgram program, ThreadForm form)
      throws Exception {
    skipWhereThereAreNo(form);
    skipWhereMonitorsAreNotTold(program, form);
    LeakScope scope = quietScope();
    try (Leak leak = new Leak(form)) {
      program.start(leak);
      Diagnosis diagnosis = awaitGroup(scope, program::isIn).diagnosis();

      assertThat(diagnosis.fix()).contains(program.fix);
      assertThat(scope.check().toString()).contains(diagnosis.why());
    }
  }

  /** What looks like a leak of some kind, and is of another. */
  @DataProvider
  Object[][] nearMisses() {
    return new Object[][] {
      {LeakKind.IDLE_POOL_WORKER, LeakingProgram.TASK_OF_A_POOL}, // at work
      {LeakKind.IDLE_POOL_WORKER, LeakingProgram.EMPTY_QUEUE}, // as a worker, but no pool
      {LeakKind.TIMER_NOT_CANCELLED, LeakingProgram.TASK_OF_A_TIMER}, // at work
      {LeakKind.TIMER_NOT_CANCELLED, LeakingProgram.OBJECT_WAIT}, // as a timer, but none
      {LeakKind.HTTP_NOT_STOPPED, LeakingProgram.SELECTOR}, // as a server, but none
      {LeakKind.DEADLOCK, LeakingProgram.LOCK_HELD}, // the holder waits for nothing
      {LeakKind.LOCK_NOT_RELEASED, LeakingProgram.CONDITION}, // of a lock that is free
      {LeakKind.LOCK_NOT_RELEASED, LeakingProgram.SEMAPHORE}, // parked as for a lock
      {LeakKind.BLOCKED_HAND_OFF, LeakingProgram.POOL}, // takes from a queue, too
      {LeakKind.BLOCKED_HAND_OFF, LeakingProgram.WATCHED_FILES}, // takes from a queue inside
      {LeakKind.WAITS_IN_VAIN, LeakingProgram.PROCESS}, // waits for a condition inside
      {LeakKind.SLEEPING_LOOP, LeakingProgram.POLLED_LATCH}, // waits for a time, but is no sleep
      {LeakKind.BUSY_LOOP, LeakingProgram.SELECTOR}, // is runnable, but does not run
      {LeakKind.ENDLESS_IO, LeakingProgram.EMPTY_PIPE}, // reads a stream between threads
      {LeakKind.IGNORES_INTERRUPTION, LeakingProgram.ACCEPT}, // nobody interrupted it
      {LeakKind.NOT_CLOSED, LeakingProgram.CACHED_POOL}, // as of a library, but a user's
      {LeakKind.UNKNOWN, LeakingProgram.PARKED},
    };
  }

  @Test(dataProvider = "nearMisses")
  public void tellsWhatOnlyLooksAlike(LeakKind kind, LeakingProgram program) throws Exception {
    LeakScope scope = quietScope();
    try (Leak leak = new Leak(ThreadForm.PLATFORM)) {
      program.start(leak);

      assertThat(awaitGroup(scope, program::isIn).diagnosis().kind()).isNotEqualTo(kind);
    }
  }

  @Test(dataProvider = "programs")
  public void givesALineThatIgnoresExactlyThisGroup(LeakingProgram program, ThreadForm form)
      throws Exception {
    skipWhereThereAreNo(form);
    skipWhereMonitorsAreNotTold(program, form);
    LeakOption before = LeakVerifier.ignoreCurrent();
    LeakScope scope = quietScope();
    try (Leak leak = new Leak(form);
        Leak other = new Leak(ThreadForm.PLATFORM)) {
      program.start(leak);
      awaitGroup(scope, program::isIn);
      ImmutableList<LeakOption> options =
          scope.check().groups().stream()
              .map(group -> option(group.ignore().orElseThrow()))
              .collect(toImmutableList());
      other.run(DiagnosisTest::standApart);
      awaitGroup(scope, g -> stands(g, "standApart"));

      LeakReport left =
          LeakVerifier.find(
              ImmutableList.<LeakOption>builder()
                  .add(before, LeakVerifier.maxWait(LOOK_ONCE))
                  .addAll(options)
                  .build()
                  .toArray(LeakOption[]::new));

      assertThat(stands(only(left), "standApart")).isTrue();
    }
  }

  @Test
  public void showsTheWholeCircleOfADeadlock() throws Exception {
    LeakScope scope = quietScope();
    try (Leak leak = new Leak(ThreadForm.PLATFORM)) {
      LeakingProgram.DEADLOCK.start(leak);
      LeakGroup group = awaitGroup(scope, g -> g.diagnosis().kind() == LeakKind.DEADLOCK);

      String details = String.join("\n", group.diagnosis().details());
      assertThat(details)
          .matches(
              ("\"leaked\" waits for LOCK, which \"leaked\" holds\n(   at .*\n)+"
                      + "\"leaked\" waits for LOCK, which \"leaked\" holds(\n   at .*)+")
                  .replace(
                      "LOCK",
                      "java.util.concurrent.locks.ReentrantLock\\$NonfairSync@\\p{XDigit}+"));
      assertThat(details).contains(".lockBoth(");
    }
  }

  @Test
  public void showsWhoHoldsTheLockAndWhereThatOneStands() throws Exception {
    LeakScope scope = quietScope();
    try (Leak leak = new Leak(ThreadForm.PLATFORM)) {
      LeakingProgram.MONITOR_HELD.start(leak);
      // The holder may still be on its way from the latch that says it holds to where it will stay.
      LeakGroup group =
          awaitGroup(
              scope, g -> g.diagnosis().details().toString().contains("awaitUninterruptibly"));

      assertThat(group.diagnosis().kind()).isEqualTo(LeakKind.LOCK_NOT_RELEASED);
      assertThat(group.diagnosis().why()).contains(", which \"holder\" holds");
      assertThat(group.diagnosis().details().get(0)).isEqualTo("\"holder\" stands here:");
    }
  }

  @DataProvider
  Object[][] forms() {
    return new Object[][] {{ThreadForm.PLATFORM}, {ThreadForm.VIRTUAL}};
  }

  @Test(dataProvider = "forms")
  public void findsABusyLoopByWatchingIt(ThreadForm form) throws Exception {
    skipWhereThereAreNo(form);
    AtomicBoolean stop = new AtomicBoolean();
    LeakScope scope = LeakVerifier.scope(LeakVerifier.maxWait(Duration.ofMillis(500)));
    try (Leak leak = new Leak(form)) {
      leak.atEnd(() -> stop.set(true));
      leak.run(() -> spinUntil(stop));

      LeakGroup group = only(scope.check());

      assertThat(group.diagnosis().kind()).isEqualTo(LeakKind.BUSY_LOOP);
      assertThat(group.diagnosis().why())
          .containsMatch(
              form == ThreadForm.PLATFORM
                  ? "used \\d+% of a core for \\d+\\.\\d s"
                  : "looks like a busy loop: it was running in each of \\d+ samples");
      assertThat(group.ignore())
          .hasValue(new IgnoreLine("AnyFunction", function(group.threads().get(0))));
    }
  }

  private static String function(ThreadSample thread) {
    StackTraceElement entry =
        thread.frames().stream()
            .filter(frame -> frame.getClassName().startsWith("dev.leakverifier."))
            .reduce((upper, lower) -> lower)
            .orElseThrow();
    return entry.getClassName() + "." + entry.getMethodName();
  }

  /** A livelock may well call the JDK: it does not wait there. */
  @Test
  public void findsABusyLoopThatAsksASelectorAgainAndAgain() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    LeakScope scope = LeakVerifier.scope(LeakVerifier.maxWait(Duration.ofMillis(500)));
    try (Leak leak = new Leak(ThreadForm.PLATFORM)) {
      Selector selector = leak.own(Selector.open());
      leak.atEnd(() -> stop.set(true));
      leak.run(
          () -> {
            while (!stop.get()) {
              selector.selectNow();
            }
            return null;
          });

      assertThat(only(scope.check()).diagnosis().kind()).isEqualTo(LeakKind.BUSY_LOOP);
    }
  }

  /** Its socket is closed already, and it was interrupted: only the loop can be mended. */
  @Test
  public void findsABusyLoopThatClosedAndInterruptedGoesOnAccepting() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    LeakScope scope = LeakVerifier.scope(LeakVerifier.maxWait(Duration.ofMillis(500)));
    try (Leak leak = new Leak(ThreadForm.PLATFORM)) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      socket.close();
      leak.atEnd(() -> stop.set(true));
      leak.run(
          () -> {
            Thread.currentThread().interrupt();
            while (!stop.get()) {
              assertThrows(IOException.class, socket::accept);
            }
            return null;
          });

      Diagnosis diagnosis = only(scope.check()).diagnosis();

      assertThat(diagnosis.kind()).isEqualTo(LeakKind.BUSY_LOOP);
      assertThat(diagnosis.why()).startsWith("it has been interrupted, and carries on: it used ");
      assertThat(diagnosis.fix()).startsWith("let teardown end the loop, and check Thread.inter");
    }
  }

  @Test
  public void namesTheCallThatEndsAForgottenThreadMonitor() {
    LeakScope scope = quietScope();
    try (ThreadMonitor monitor = ThreadMonitor.builder().virtualThreads(false).start()) {
      LeakGroup group = awaitGroup(scope, g -> g.diagnosis().kind() == LeakKind.NOT_CLOSED);

      assertThat(group.diagnosis().fix()).isEqualTo("call ThreadMonitor.close()");
    }
  }

  @Test
  public void takesNoBusyLoopForOneThatItHasOnlySeenOnce() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    LeakScope scope = quietScope();
    try (Leak leak = new Leak(ThreadForm.PLATFORM)) {
      leak.atEnd(() -> stop.set(true));
      leak.run(() -> spinUntil(stop));

      LeakGroup group = awaitGroup(scope, g -> stands(g, "spinUntil"));

      assertThat(group.diagnosis().kind()).isEqualTo(LeakKind.UNKNOWN);
      assertThat(group.diagnosis().why()).isEqualTo("it was running when its stack was read");
    }
  }

  @Test
  public void takesNoThreadThatWaitsInNativeCodeForABusyLoop() throws Exception {
    LeakScope quietScope = quietScope();
    LeakScope scope = LeakVerifier.scope(LeakVerifier.maxWait(Duration.ofMillis(100)));
    try (Leak leak = new Leak(ThreadForm.PLATFORM)) {
      LeakingProgram.ACCEPT.start(leak);
      awaitGroup(quietScope, LeakingProgram.ACCEPT::isIn);

      LeakGroup group = only(scope.check());

      assertThat(group.threads().get(0).state()).isEqualTo(Thread.State.RUNNABLE);
      assertThat(group.diagnosis().kind()).isEqualTo(LeakKind.ENDLESS_IO);
    }
  }

  @Test
  public void saysThatAThreadWasInterruptedAndGoesOn() throws Exception {
    LeakScope scope = quietScope();
    try (Leak leak = new Leak(ThreadForm.PLATFORM)) {
      ServerSocket socket = leak.own(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      leak.run(
          () -> {
            Thread.currentThread().interrupt();
            return socket.accept();
          });

      LeakGroup group =
          awaitGroup(scope, g -> g.diagnosis().why().endsWith("clients of a server socket"));

      assertThat(group.diagnosis().kind()).isEqualTo(LeakKind.IGNORES_INTERRUPTION);
      assertThat(group.diagnosis().why()).startsWith("it has been interrupted, and carries on: ");
    }
  }

  /** Between two looks, the first of which lets it go on. */
  @Test
  public void saysThatAThreadWhichMovesOnInAStopMethodIsStopping() throws Exception {
    SlowService service = new SlowService();
    AtomicInteger looks = new AtomicInteger();
    LeakScope scope =
        LeakVerifier.scope(
            LeakVerifier.maxWait(Duration.ofMillis(100)),
            LeakVerifier.ignoreFunc(
                thread -> {
                  if (thread.hasFunction(SlowService.class.getName() + ".close")
                      && looks.incrementAndGet() == 1) {
                    service.finishFirstStep();
                  }
                  return false;
                }));
    try (Leak leak = new Leak(ThreadForm.PLATFORM)) {
      leak.run(
          () -> {
            service.close();
            return null;
          });
      service.awaitFirstStep();

      LeakGroup group = only(scope.check());

      assertThat(group.diagnosis().kind()).isEqualTo(LeakKind.STOPPING);
      assertThat(group.diagnosis().why()).contains("SlowService.close, and makes progress");
      assertThat(group.diagnosis().fix()).contains("leak.maxWait");
    }
  }

  @Test
  public void doesNotTakeAStopMethodThatHangsForStopping() throws Exception {
    SlowService service = new SlowService();
    LeakScope quietScope = quietScope();
    LeakScope scope = LeakVerifier.scope(LeakVerifier.maxWait(Duration.ofMillis(20)));
    try (Leak leak = new Leak(ThreadForm.PLATFORM)) {
      leak.run(
          () -> {
            service.close();
            return null;
          });
      awaitGroup(quietScope, g -> g.diagnosis().kind() == LeakKind.BLOCKED_HAND_OFF);

      assertThat(only(scope.check()).diagnosis().kind()).isEqualTo(LeakKind.BLOCKED_HAND_OFF);
    }
  }

  @Test
  public void countsWhatOptionsHaveIgnored() throws Exception {
    try (LeakScope scope =
            LeakVerifier.scope(LeakVerifier.maxWait(LOOK_ONCE), LeakVerifier.ignoreName("leaked"));
        Leak leak = new Leak(ThreadForm.PLATFORM)) {
      LeakingProgram.LATCH.start(leak);
      LeakingProgram.SEMAPHORE.start(leak);

      LeakReport report = scope.check();

      assertThat(report.ignored()).containsExactly("ignoreName(\"leaked\")", 2);
      assertThat(report.toString())
          .isEqualTo(
              "no thread leaked\n\nnot counted: 2 threads that ignoreName(\"leaked\") ignores");
    }
  }

  /** Stands still in its second step, until it is interrupted. */
  private static final class SlowService {
    private final SynchronousQueue<String> step = new SynchronousQueue<>();
    private final CountDownLatch inFirst = new CountDownLatch(1);
    private final CountDownLatch inSecond = new CountDownLatch(1);

    void close() throws InterruptedException {
      firstStep();
      secondStep();
    }

    private void firstStep() throws InterruptedException {
      inFirst.countDown();
      step.put("first");
    }

    private void secondStep() throws InterruptedException {
      inSecond.countDown();
      step.put("second");
    }

    void awaitFirstStep() {
      Uninterruptibles.awaitUninterruptibly(inFirst);
    }

    void finishFirstStep() {
      var unused = Uninterruptibles.takeUninterruptibly(step);
      Uninterruptibles.awaitUninterruptibly(inSecond);
    }
  }

  private static Void spinUntil(AtomicBoolean stop) {
    while (!stop.get()) {
      Thread.onSpinWait();
    }
    return null;
  }

  private static Void standApart() throws InterruptedException {
    new CountDownLatch(1).await();
    return null;
  }

  private static boolean stands(LeakGroup group, String method) {
    return group.threads().get(0).hasFunction(DiagnosisTest.class.getName() + "." + method);
  }

  private static LeakOption option(IgnoreLine line) {
    return switch (line.option()) {
      case "CreatedBy" -> LeakVerifier.ignoreCreatedBy(line.value());
      case "TopFunction" -> LeakVerifier.ignoreTopFunction(line.value());
      case "AnyFunction" -> LeakVerifier.ignoreAnyFunction(line.value());
      case "Name" -> LeakVerifier.ignoreName(line.value());
      default -> throw new AssertionError(line);
    };
  }

  /** Looks until there is such a group: a thread takes a moment to come to its place. */
  private static LeakGroup awaitGroup(LeakScope scope, Predicate<LeakGroup> wanted) {
    long start = System.nanoTime();
    while (true) {
      LeakReport report = scope.check();
      ImmutableList<LeakGroup> groups =
          report.groups().stream().filter(wanted).collect(toImmutableList());
      if (!groups.isEmpty()) {
        return groups.get(0);
      }
      assertWithMessage("%s", report)
          .that(Duration.ofNanos(System.nanoTime() - start))
          .isLessThan(Duration.ofMinutes(1));
    }
  }

  private static LeakGroup only(LeakReport report) {
    assertWithMessage("%s", report).that(report.groups()).hasSize(1);
    return report.groups().get(0);
  }

  private static LeakScope quietScope() {
    return LeakVerifier.scope(LeakVerifier.maxWait(LOOK_ONCE));
  }

  /** Its lines are the same, but that it is not known who holds the monitor. */
  private static void skipWhereMonitorsAreNotTold(LeakingProgram program, ThreadForm form) {
    if (program == LeakingProgram.MONITOR_HELD
        && form == ThreadForm.VIRTUAL
        && ThreadForm.dump().equals("heap dump")) {
      throw new SkipException("a heap dump does not tell who waits for whose monitor");
    }
  }

  private static void skipWhereThereAreNo(ThreadForm form) {
    if (!form.isThere()) {
      throw new SkipException(ThreadForm.WHY_NOT);
    }
  }
}
