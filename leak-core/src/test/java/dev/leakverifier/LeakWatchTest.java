package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static org.testng.Assert.expectThrows;

import com.google.common.collect.ImmutableMap;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.blame.FakeOrigins;
import dev.leakverifier.blame.Timeline;
import dev.leakverifier.check.Check;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.jvm.ThreadSource;
import dev.leakverifier.jvm.VirtualListing;
import dev.leakverifier.settings.AcceptedLeaks;
import dev.leakverifier.settings.Choice;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.testng.annotations.Test;

public class LeakWatchTest {
  private static final List<LeakOption> AT_ONCE = List.of(LeakVerifier.maxWait(Duration.ZERO));

  /** A window with a name and options; without options it is not to be checked. */
  private record Named(String describe, Optional<List<LeakOption>> options)
      implements LeakWatch.Window {
    static Named of(String name, LeakOption... options) {
      return new Named(name, Optional.of(List.of(options)));
    }
  }

  @Test
  public void blamesTheWindowInWhichAThreadAppeared() {
    LeakWatch<Named> watch = new LeakWatch<>(Check.JVM, Timeline.JVM, AT_ONCE);
    try (BlockedThread one = BlockedThread.start("one")) {
      watch.appearedIn(Named.of("first"));
      try (BlockedThread two = BlockedThread.start("two")) {
        watch.appearedIn(Named.of("second"));
        watch.appearedIn(Named.of("third"));

        Map<Named, LeakReport> verdict = judge(watch, any -> true);

        assertThat(verdict.keySet().stream().map(Named::describe).toList())
            .containsExactly("first", "second")
            .inOrder();
        assertThat(names(List.copyOf(verdict.values()).get(1))).containsExactly("two");
        LeakReport first = verdict.values().iterator().next();
        assertThat(first.blamed()).isEqualTo(Optional.of("first"));
        assertThat(first.toString()).startsWith("1 thread leaked by first (looked once");
      }
    }
  }

  @Test
  public void blamesTheCodeThatStartedAThreadBeforeAnyTest() {
    LeakWatch<Named> watch = new LeakWatch<>(Check.JVM, Timeline.JVM, AT_ONCE);
    watch.recordOrigins();
    watch.disownNew();
    try (BlockedThread own = startedByTest();
        BlockedThread other = BlockedThread.start("of a listener")) {
      assertThat(watch.made(LeakWatchTest::startedByTest)).isTrue();

      Map<Named, LeakReport> verdict = judge(watch, any -> true);

      assertThat(verdict.keySet()).containsExactly(Named.of("made"));
      assertThat(names(verdict.values().iterator().next())).containsExactly("of a test");
      assertThat(watch.made(LeakWatchTest::startedByTest)).isFalse();
    } finally {
      watch.close();
    }
  }

  private static BlockedThread startedByTest() {
    return BlockedThread.start("of a test");
  }

  private static Optional<Named> startedByTest(List<StackTraceElement> stack) {
    return stack.stream()
            .anyMatch(
                frame -> StackFrames.isOf(frame, LeakWatchTest.class.getName(), "startedByTest"))
        ? Optional.of(Named.of("made"))
        : Optional.empty();
  }

  /** A pool's idle worker shows nobody's code; so nobody is blamed. */
  @Test
  public void goesByTheThreadsOwnCodeWhereItIsNotKnownWhoStartedIt() {
    LeakWatch<Named> watch = new LeakWatch<>(Check.JVM, Timeline.JVM, AT_ONCE);
    watch.disownNew();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Thread own = runsOwnCode(begun, end);
    try (BlockedThread other = startedByTest()) {
      own.start();
      Uninterruptibles.awaitUninterruptibly(begun);
      assertThat(watch.made(LeakWatchTest::isOwnCode)).isTrue();

      Map<Named, LeakReport> verdict = judge(watch, any -> true);

      assertThat(verdict.keySet()).containsExactly(Named.of("made"));
      assertThat(names(verdict.values().iterator().next())).containsExactly("own code");
    } finally {
      end.countDown();
      Uninterruptibles.joinUninterruptibly(own);
    }
  }

  private static Thread runsOwnCode(CountDownLatch begun, CountDownLatch end) {
    return new Thread(
        () -> {
          begun.countDown();
          Uninterruptibles.awaitUninterruptibly(end);
        },
        "own code");
  }

  private static Optional<Named> isOwnCode(List<StackTraceElement> stack) {
    assertThat(stack).hasSize(1);
    return StackFrames.isOf(stack.get(0), LeakWatchTest.class.getName(), "runsOwnCode")
        ? Optional.of(Named.of("made"))
        : Optional.empty();
  }

  @Test
  public void doesNotBlameForThreadsThatEndBeforeTheVerdict() {
    LeakWatch<Named> watch = new LeakWatch<>(Check.JVM, Timeline.JVM, AT_ONCE);
    try (BlockedThread stopped = BlockedThread.start("stopped")) {
      watch.appearedIn(Named.of("test"));
    }
    assertBlamesOnlyWhatIsLeft(watch);
  }

  @Test
  public void previewsWithoutTellingAnybody() {
    LeakWatch<Named> watch = new LeakWatch<>(Check.JVM, Timeline.JVM, AT_ONCE);
    BlockedThread stopped = BlockedThread.start("stopped");
    try (BlockedThread left = BlockedThread.start("left")) {
      watch.appearedIn(Named.of("test"));
      for (int i = 0; i < 2; i++) {
        List<LeakWatch.Leak<Named>> preview = watch.preview(any -> true);
        assertThat(preview.stream().map(LeakWatch.Leak::window).toList())
            .containsExactly(Named.of("test"));
        assertThat(names(preview.get(0).report())).containsExactly("stopped", "left");
      }
      stopped.close();

      List<LeakWatch.Leak<Named>> verdict = watch.judge(any -> true);
      assertThat(names(verdict.get(0).report())).containsExactly("left");
      assertThat(watch.preview(any -> true)).isEmpty();
    }
  }

  @Test
  public void previewsNothingThatOnlyWarnsOrIsAcceptedNow() throws IOException {
    Path file = Files.createTempFile("accepted", ".txt");
    Files.delete(file);
    LeakWatch<Named> watch = new LeakWatch<>(Check.JVM, Timeline.JVM, AT_ONCE);
    try (BlockedThread warned = BlockedThread.start("warned")) {
      watch.appearedIn(Named.of("warns", LeakVerifier.warnOnly()));
      try (BlockedThread accepted = BlockedThread.start("accepted")) {
        watch.appearedIn(
            Named.of(
                "accepts",
                new LeakOption(Choice.accept(AcceptedLeaks.in(file), /* current= */ true))));

        assertThat(watch.preview(any -> true)).isEmpty();
        assertThat(Files.exists(file)).isFalse();
        assertThat(watch.judge(any -> true)).isEmpty();
        assertThat(Files.exists(file)).isTrue();
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  @Test
  public void judgesOnlyWindowsThatAreOver() {
    LeakWatch<Named> watch = new LeakWatch<>(Check.JVM, Timeline.JVM, AT_ONCE);
    try (BlockedThread one = BlockedThread.start("one")) {
      watch.appearedIn(Named.of("narrow"));
      try (BlockedThread two = BlockedThread.start("two")) {
        watch.appearedIn(Named.of("wide"));

        assertThat(judge(watch, window -> window.describe().equals("narrow")).keySet())
            .containsExactly(Named.of("narrow"));
        assertThat(judge(watch, any -> true).keySet()).containsExactly(Named.of("wide"));
      }
    }
  }

  @Test
  public void reportsAThreadOnceAmongAllWatches() {
    LeakWatch<Named> inner = new LeakWatch<>(Check.JVM, Timeline.JVM, AT_ONCE);
    LeakWatch<Named> outer = new LeakWatch<>(Check.JVM, Timeline.JVM, AT_ONCE);
    try (BlockedThread leaked = BlockedThread.start("leaked")) {
      inner.appearedIn(Named.of("test"));
      outer.appearedIn(Named.of("class"));

      assertThat(judge(inner, any -> true)).hasSize(1);
      assertThat(judge(inner, any -> true)).isEmpty();
      assertThat(judge(outer, any -> true)).isEmpty();
    }
  }

  @Test
  public void ignoresByTheOptionsOfTheWindowAndOfTheWatch() {
    LeakWatch<Named> watch = new LeakWatch<>(Check.JVM, Timeline.JVM, AT_ONCE);
    watch.addOptions(List.of(LeakVerifier.ignoreName("b*")));
    try (BlockedThread a = BlockedThread.start("a");
        BlockedThread b = BlockedThread.start("b");
        BlockedThread c = BlockedThread.start("c")) {
      watch.appearedIn(Named.of("test", LeakVerifier.ignoreName("a")));

      LeakReport report = List.copyOf(judge(watch, any -> true).values()).get(0);

      assertThat(names(report)).containsExactly("c");
    }
  }

  @Test
  public void leavesAloneWhatAppearsInAWindowThatIsNotChecked() {
    LeakWatch<Named> watch = new LeakWatch<>(Check.JVM, Timeline.JVM, AT_ONCE);
    try (BlockedThread leaked = BlockedThread.start("leaked")) {
      watch.appearedIn(new Named("unchecked", Optional.empty()));
      watch.appearedIn(Named.of("next"));

      assertBlamesOnlyWhatIsLeft(watch);
    }
  }

  @Test
  public void blamesTheTestThatIsOverForWhatItsThreadStartsInOneThatIsNotChecked()
      throws InterruptedException {
    LeakWatch<Named> watch = new LeakWatch<>(Check.JVM, Timeline.JVM, AT_ONCE);
    watch.recordOrigins();
    Named unchecked = new Named("unchecked", Optional.empty());
    List<BlockedThread> started = new CopyOnWriteArrayList<>();
    CountDownLatch goOn = new CountDownLatch(1);
    Thread parent =
        new Thread(
            () -> {
              Uninterruptibles.awaitUninterruptibly(goOn);
              started.add(BlockedThread.start("child"));
            });
    watch.opened(Named.of("test"));
    parent.start();
    watch.appearedIn(Named.of("test"));
    watch.opened(unchecked);
    goOn.countDown();
    parent.join();
    started.add(BlockedThread.start("of the unchecked"));
    watch.appearedIn(unchecked);
    try {
      Map<Named, LeakReport> verdict = judge(watch, any -> true);

      assertThat(verdict.keySet()).containsExactly(Named.of("test"));
      assertThat(names(verdict.values().iterator().next())).containsExactly("child");
    } finally {
      started.forEach(BlockedThread::close);
      watch.close();
    }
  }

  @Test
  public void leavesAloneWhatAThreadOfATestThatIsNotCheckedStartsInAnother()
      throws InterruptedException {
    LeakWatch<Named> watch = new LeakWatch<>(Check.JVM, Timeline.JVM, AT_ONCE);
    watch.recordOrigins();
    Named unchecked = new Named("unchecked", Optional.empty());
    List<BlockedThread> started = new CopyOnWriteArrayList<>();
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    watch.opened(unchecked);
    BlockedThread parent =
        BlockedThread.start(
            body ->
                new Thread(
                    () -> {
                      Uninterruptibles.awaitUninterruptibly(goOn);
                      started.add(BlockedThread.start("child"));
                      done.countDown();
                      body.run();
                    }));
    watch.appearedIn(unchecked);
    watch.opened(Named.of("next"));
    goOn.countDown();
    done.await();
    watch.appearedIn(Named.of("next"));
    try {
      assertBlamesOnlyWhatIsLeft(watch);
    } finally {
      parent.close();
      started.forEach(BlockedThread::close);
      watch.close();
    }
  }

  @Test
  public void blamesTheSameWindowForWhatItsEndingThreadsStart() throws InterruptedException {
    LeakWatch<Named> watch =
        new LeakWatch<>(
            Check.JVM, Timeline.JVM, List.of(LeakVerifier.maxWait(Duration.ofMillis(50))));
    List<BlockedThread> started = new CopyOnWriteArrayList<>();
    CountDownLatch goOn = new CountDownLatch(1);
    Thread parent =
        new Thread(
            () -> {
              Uninterruptibles.awaitUninterruptibly(goOn);
              started.add(BlockedThread.start("child"));
            });
    parent.start();
    watch.appearedIn(Named.of("test"));
    goOn.countDown();
    parent.join();
    try {
      Map<Named, LeakReport> verdict = judge(watch, any -> true);

      assertThat(names(verdict.values().iterator().next())).containsExactly("child");
      assertThat(verdict.keySet()).containsExactly(Named.of("test"));
    } finally {
      started.forEach(BlockedThread::close);
    }
  }

  @Test
  public void waitsThoughAnInterruptWasLeftBehindAndRestoresIt() {
    LeakWatch<Named> watch = new LeakWatch<>(Check.JVM, Timeline.JVM, List.of());
    BlockedThread ending = BlockedThread.start("ending");
    watch.appearedIn(Named.of("test"));
    ending.release();
    Thread.currentThread().interrupt();

    Map<Named, LeakReport> verdict = judge(watch, any -> true);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(verdict).isEmpty();
  }

  @Test
  public void waitsAsLongAsTheMostPatientWindow() {
    LeakWatch<Named> watch = new LeakWatch<>(Check.JVM, Timeline.JVM, List.of());
    try (BlockedThread patient = BlockedThread.start("patient")) {
      watch.appearedIn(Named.of("a", LeakVerifier.maxWait(Duration.ofMillis(30))));
      try (BlockedThread hasty = BlockedThread.start("hasty")) {
        watch.appearedIn(Named.of("b", LeakVerifier.maxWait(Duration.ZERO)));

        assertThat(judge(watch, any -> true).values().iterator().next().waited())
            .isAtLeast(Duration.ofMillis(30));
      }
    }
  }

  @Test
  public void disownsWhatNobodyAnswersFor() {
    LeakWatch<Named> watch = new LeakWatch<>(Check.JVM, Timeline.JVM, AT_ONCE);
    try (BlockedThread server = BlockedThread.start("server")) {
      watch.disownNew();
      watch.appearedIn(Named.of("test"));

      assertBlamesOnlyWhatIsLeft(watch);
    }
  }

  @Test
  public void runsTheCleanupsWithTheExitCodeOfTheRun() {
    List<Integer> exitCodes = new ArrayList<>();
    LeakWatch<Named> watch =
        new LeakWatch<>(Check.JVM, Timeline.JVM, List.of(LeakVerifier.cleanup(exitCodes::add)));
    assertThat(watch.runsOnFailure()).isFalse();
    watch.addOptions(List.of(LeakVerifier.runOnFailure()));
    assertThat(watch.runsOnFailure()).isTrue();

    watch.cleanUp(1);
    assertThat(exitCodes).containsExactly(1);
  }

  @Test
  @SuppressWarnings("NullAway") // what a user's listener can do
  public void namesTheOptionThatIsNull() {
    LeakWatch<Named> watch = new LeakWatch<>(Check.JVM, Timeline.JVM, AT_ONCE);
    NullPointerException error =
        expectThrows(
            NullPointerException.class,
            () -> watch.addOptions(Arrays.asList(LeakVerifier.runOnFailure(), null)));
    assertThat(error).hasMessageThat().isEqualTo("options[1]");
  }

  @Test
  public void makesAnErrorWithoutAStackOfItsOwn() {
    try (BlockedThread left = BlockedThread.start("left")) {
      LeakReport report = LeakVerifier.find(LeakVerifier.maxWait(Duration.ZERO));

      assertThat(report.toError().report()).isSameInstanceAs(report);
      assertThat(report.toError().getStackTrace()).isEmpty();
      assertThat(report.toError().getSuppressed()).hasLength(1);
    }
  }

  @Test
  public void endsItsTextWithWhatAnAdapterKnowsBesides() {
    LeakWatch<Named> watch = new LeakWatch<>(Check.JVM, Timeline.JVM, AT_ONCE);
    try (BlockedThread one = BlockedThread.start("one")) {
      watch.appearedIn(Named.of("first"));
      LeakReport report =
          watch.judge(any -> true).get(0).report().withNote("of attempt 1,\u001b\nretried");

      assertThat(report.toString()).endsWith("\n\nof attempt 1,\\u001b\nretried");
      assertThat(report.toError()).hasMessageThat().isEqualTo(report.toString());
    }
  }

  @Test
  public void makesNoErrorOfAnEmptyReport() {
    expectThrows(IllegalStateException.class, () -> LeakVerifier.find().toError());
  }

  @Test
  public void listsThreadsOnceForATestThatStartsNone() {
    FixedThreads threads = new FixedThreads();
    Check check = new Check(threads, System::nanoTime, (waitedFor, nanos) -> {}, () -> {});
    LeakWatch<Named> watch = new LeakWatch<>(check, new Timeline(new FakeOrigins()), List.of());
    int before = threads.listings;
    for (int i = 0; i < 10; i++) {
      Named test = Named.of("test " + i);
      watch.opened(test);
      watch.appearedIn(test);
      assertThat(judge(watch, any -> true)).isEmpty();
    }
    assertThat(threads.listings - before).isEqualTo(10);
  }

  /** The calling thread, and no other. */
  private static final class FixedThreads implements ThreadSource {
    int listings;

    @Override
    public ThreadListing list() {
      listings++;
      return new ThreadListing(new Thread[] {Thread.currentThread()}, VirtualListing.NONE);
    }

    @Override
    public Sampling sample(Collection<LiveThread> threads) {
      throw new AssertionError("no stack is to be read");
    }
  }

  private static List<String> names(LeakReport report) {
    return report.threads().stream().map(ThreadSample::name).toList();
  }

  /** That nothing is found shows something only where a leak would be. */
  private static void assertBlamesOnlyWhatIsLeft(LeakWatch<Named> watch) {
    Named test = Named.of("leaves one");
    try (BlockedThread left = BlockedThread.start("left")) {
      watch.appearedIn(test);

      Map<Named, LeakReport> verdict = judge(watch, any -> true);
      assertThat(verdict.keySet()).containsExactly(test);
      assertThat(names(verdict.values().iterator().next())).containsExactly("left");
    }
  }

  private static Map<Named, LeakReport> judge(LeakWatch<Named> watch, Predicate<Named> isOver) {
    return watch.judge(isOver).stream()
        .collect(ImmutableMap.toImmutableMap(LeakWatch.Leak::window, LeakWatch.Leak::report));
  }
}
