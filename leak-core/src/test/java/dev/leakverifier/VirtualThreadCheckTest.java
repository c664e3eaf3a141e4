package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static dev.leakverifier.testing.ThreadForm.VIRTUAL;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.stream.Collectors.toMap;

import dev.leakverifier.blame.FakeOrigins;
import dev.leakverifier.blame.Timeline;
import dev.leakverifier.check.Check;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.jvm.ThreadSource;
import dev.leakverifier.jvm.VirtualListing;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.FakeTime;
import dev.leakverifier.testing.ThreadForm;
import dev.leakverifier.testing.VirtualThreadTests;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** How a check and a watch go about virtual threads: what they ask for, and how they wait. */
public class VirtualThreadCheckTest extends VirtualThreadTests {
  private FakeTime time = new FakeTime();
  private CountingThreads threads = new CountingThreads();

  @BeforeMethod
  public void startAnew() {
    time = new FakeTime();
    threads = new CountingThreads();
  }

  @Test
  public void looksLessOftenTheLongerADumpTakes() {
    LeakScope scope =
        new LeakScope(check(), LeakOption.settings(LeakVerifier.maxWait(Duration.ofSeconds(1))));
    threads.nanosPerLook = MILLISECONDS.toNanos(200);
    try (BlockedThread leaked = VIRTUAL.startBlocked("leaked")) {
      assertThat(scope.check().threads()).hasSize(1);
    }
    assertThat(pauses()).containsExactly(200L, 200L, 200L).inOrder();
    assertThat(threads.samples).isEqualTo(4);
  }

  @Test
  public void looksOftenWhereADumpIsQuick() {
    LeakScope scope = new LeakScope(check(), LeakOption.settings());
    threads.nanosPerLook = MILLISECONDS.toNanos(2);
    try (BlockedThread leaked = VIRTUAL.startBlocked("leaked")) {
      assertThat(scope.check().threads()).hasSize(1);
    }
    assertThat(pauses().subList(0, 8)).containsExactly(2L, 2L, 4L, 8L, 16L, 20L, 20L, 20L);
  }

  @Test
  public void stopsWaitingWhenTheLastVirtualThreadHasEnded() {
    LeakScope scope =
        new LeakScope(
            new Check(
                threads,
                time::read,
                (waitedFor, nanos) -> {
                  time.pass(nanos);
                  if (time.waits().size() == 3) {
                    BlockedThread last = threads.toEnd.remove(0);
                    last.close();
                  }
                },
                () -> {}),
            LeakOption.settings());
    threads.toEnd.add(VIRTUAL.startBlocked("ending"));

    assertThat(scope.check().isEmpty()).isTrue();
    assertThat(time.waits()).hasSize(3);
  }

  @Test
  public void looksOnceMoreOnlyForWhatIsNew() {
    try (BlockedThread before = VIRTUAL.startBlocked("before")) {
      LeakScope scope = new LeakScope(check(), LeakOption.settings());
      assertThat(scope.check().isEmpty()).isTrue();
    }
    assertThat(threads.samples).isEqualTo(0);
  }

  @Test
  public void saysThatItLostSightOfAThreadWhileItWaited() {
    LeakScope scope = new LeakScope(check(), LeakOption.settings());
    threads.failAfter = 1;
    try (BlockedThread leaked = VIRTUAL.startBlocked("leaked")) {
      assertThat(scope.check().toString()).isEqualTo("no thread leaked\n\nnot seen: lost");
    }
  }

  @Test
  public void isNoLeakWhatEndsWhileTheReportIsMade() {
    LeakScope scope =
        new LeakScope(check(), LeakOption.settings(LeakVerifier.maxWait(Duration.ZERO)));
    try (BlockedThread staying = VIRTUAL.startBlocked("staying")) {
      threads.endsBeforeListing(3, VIRTUAL.startBlocked("ending")); // the scope's, the check's

      assertThat(scope.check().threads().stream().map(ThreadSample::name).toList())
          .containsExactly("staying");
    }
  }

  @Test
  public void keepsWhatItCanNoLongerSeeWhenTheReportIsMade() {
    LeakScope scope =
        new LeakScope(check(), LeakOption.settings(LeakVerifier.maxWait(Duration.ZERO)));
    try (BlockedThread leaked = VIRTUAL.startBlocked("leaked")) {
      threads.blindFromListing = 3;

      assertThat(scope.check().threads()).hasSize(1);
    }
  }

  @Test
  public void watchBlamesTheWindowInWhichAVirtualThreadAppeared() {
    LeakWatch<Named> watch = watch();
    try (BlockedThread one = VIRTUAL.startBlocked("one")) {
      watch.appearedIn(new Named("first"));
      try (BlockedThread two = VIRTUAL.startBlocked("two")) {
        watch.appearedIn(new Named("second"));
        watch.appearedIn(new Named("third"));

        assertThat(namesByWindow(watch.judge(any -> true)))
            .containsExactly("first", List.of("one"), "second", List.of("two"));
      }
      assertThat(watch.judge(any -> true)).isEmpty();
    }
  }

  @Test
  public void watchKeepsItsSuspectsThroughADumpThatFails() {
    LeakWatch<Named> watch = watch();
    try (BlockedThread one = VIRTUAL.startBlocked("one")) {
      watch.appearedIn(new Named("first"));
      threads.blind = true;
      try (BlockedThread platform = BlockedThread.start("platform");
          BlockedThread unseen = VIRTUAL.startBlocked("unseen")) {
        watch.appearedIn(new Named("second"));
        watch.disownNew();
        List<LeakWatch.Leak<Named>> blind = watch.judge(any -> true);

        assertThat(namesByWindow(blind)).containsExactly("second", List.of("platform"));
        assertThat(blind.get(0).report().notSeen()).contains("blind");
        threads.blind = false;
        watch.appearedIn(new Named("third"));

        assertThat(namesByWindow(watch.judge(any -> true)))
            .containsExactly("first", List.of("one"), "second", List.of("unseen"));
      }
    }
  }

  @Test
  public void watchDisownsVirtualThreadsThatNobodyAnswersFor() {
    LeakWatch<Named> watch = watch();
    try (BlockedThread server = VIRTUAL.startBlocked("server")) {
      watch.disownNew();
      watch.appearedIn(new Named("test"));
      assertThat(watch.judge(any -> true)).isEmpty();

      try (BlockedThread left = VIRTUAL.startBlocked("left")) {
        watch.appearedIn(new Named("leaves one"));
        assertThat(watch.judge(any -> true)).hasSize(1);
      }
    }
  }

  @Test
  public void watchLooksForVirtualThreadsOnlyForAVerdict() {
    LeakWatch<Named> watch = watch();
    int before = threads.looks;
    try (BlockedThread one = VIRTUAL.startBlocked("one")) {
      watch.appearedIn(new Named("first"));
      watch.appearedIn(new Named("second"));
      try (BlockedThread two = VIRTUAL.startBlocked("two")) {
        watch.appearedIn(new Named("third"));
        assertThat(watch.judge(window -> window.describe().equals("second"))).isEmpty();
        assertThat(threads.looks).isEqualTo(before);

        assertThat(namesByWindow(watch.judge(any -> true)))
            .containsExactly("first", List.of("one"), "third", List.of("two"));
        assertThat(threads.looks).isGreaterThan(before);
      }
    }
  }

  @Test
  public void watchTakesNoLookWhereOldVirtualThreadsLiveOnAndNoNewOneRan() {
    try (BlockedThread old = VIRTUAL.startBlocked("old")) {
      LeakWatch<Named> watch = watch();
      int before = threads.looks;
      for (int test = 0; test < 1_000; test++) {
        Thread neverStarted = ThreadForm.PLATFORM.unstarted("never started", () -> {});
        watch.appearedIn(new Named("without"));
        assertThat(watch.judge(any -> true)).isEmpty();
        assertThat(neverStarted.isAlive()).isFalse();
      }
      assertThat(threads.looks - before).isAtMost(10); // somebody else may have started some

      try (BlockedThread leaked = VIRTUAL.startBlocked("leaked")) {
        watch.appearedIn(new Named("with"));
        assertThat(namesByWindow(watch.judge(any -> true)))
            .containsExactly("with", List.of("leaked"));
      }
    }
  }

  @Test
  public void watchBlamesATestForWhatItMadeHoweverManyCameAfterIt() {
    LeakWatch<Named> watch = watch();
    List<BlockedThread> left = new ArrayList<>();
    for (int test = 0; test < 1_200; test++) {
      BlockedThread thread = VIRTUAL.startBlocked("of " + test);
      if (test % 100 == 0) {
        left.add(thread);
      } else {
        thread.close();
      }
      watch.appearedIn(new Named("test " + test));
    }
    Map<String, List<String>> blamed = namesByWindow(watch.judge(any -> true));
    left.forEach(BlockedThread::close);

    assertThat(blamed).hasSize(12);
    blamed.forEach((test, names) -> assertThat(names).containsExactly(test.replace("test", "of")));
  }

  @DataProvider
  Object[][] forms() {
    return new Object[][] {{ThreadForm.PLATFORM}, {VIRTUAL}};
  }

  @Test(dataProvider = "forms")
  public void watchNamesBothTestsThatRanSideBySideWhenAThreadWasMade(ThreadForm form)
      throws Exception {
    LeakWatch<Named> watch = watch();
    Named earlier = new Named("earlier");
    Named one = new Named("one");
    Named other = new Named("other");
    ExecutorService runner = Executors.newSingleThreadExecutor();
    try (BlockedThread old = form.startBlocked("old")) {
      watch.opened(earlier);
      watch.appearedIn(earlier);
      watch.opened(one);
      runner.submit(() -> watch.opened(other)).get();
      try (BlockedThread ofEither = form.startBlocked("of either")) {
        watch.appearedIn(one);
        try (BlockedThread ofOther = form.startBlocked("of other")) {
          assertThat(namesByWindow(watch.judge(earlier::equals)))
              .containsExactly("earlier", List.of("old"));
          assertThat(watch.judge(one::equals)).isEmpty(); // the other one may have made it
          runner.submit(() -> watch.appearedIn(other)).get();

          List<LeakWatch.Leak<Named>> leaks = watch.judge(any -> true);

          assertThat(namesByWindow(leaks))
              .containsExactly("one", List.of("of either"), "other", List.of("of other"));
          assertThat(leaks.get(0).report().toString())
              .containsMatch("by one of (one, other|other, one)");
        }
      }
    } finally {
      runner.shutdown();
    }
  }

  private record Named(String describe) implements LeakWatch.Window {
    @Override
    public Optional<List<LeakOption>> options() {
      return Optional.of(List.of(LeakVerifier.maxWait(Duration.ZERO)));
    }
  }

  private static Map<String, List<String>> namesByWindow(List<LeakWatch.Leak<Named>> verdict) {
    return verdict.stream()
        .collect(
            toMap(
                leak -> leak.window().describe(),
                leak -> leak.report().threads().stream().map(ThreadSample::name).toList()));
  }

  private LeakWatch<Named> watch() {
    return new LeakWatch<>(check(), new Timeline(new FakeOrigins()), List.of());
  }

  private List<Long> pauses() {
    return time.waits().stream().map(TimeUnit.NANOSECONDS::toMillis).toList();
  }

  private Check check() {
    return new Check(threads, time::read, (waitedFor, nanos) -> time.pass(nanos), () -> {});
  }

  /** The JVM, which takes its time, and may go blind. */
  private final class CountingThreads implements ThreadSource {
    final List<BlockedThread> toEnd = new ArrayList<>();
    int looks;
    long nanosPerLook;
    int samples;
    int failAfter = Integer.MAX_VALUE;
    int listings;
    int endsBefore;
    int blindFromListing = Integer.MAX_VALUE;
    boolean blind;

    void endsBeforeListing(int number, BlockedThread thread) {
      toEnd.add(thread);
      endsBefore = number;
    }

    @Override
    public ThreadListing list() {
      listings++;
      if (listings == endsBefore) {
        toEnd.remove(0).close();
      }
      blind = blind || listings >= blindFromListing;
      return seen(LiveThreads.JVM.list());
    }

    @Override
    public ThreadListing note() {
      return LiveThreads.JVM.note();
    }

    @Override
    public ThreadListing listSince(VirtualListing earlier) {
      ThreadListing listing = LiveThreads.JVM.listSince(earlier);
      return listing.virtual() == earlier ? listing : seen(listing);
    }

    private ThreadListing seen(ThreadListing listing) {
      looks++;
      return blind ? Samples.blind(listing, "blind") : listing;
    }

    @Override
    public Sampling sample(Collection<LiveThread> threads) {
      samples++;
      time.slip(nanosPerLook);
      return samples > failAfter
          ? new Sampling(List.of(), Optional.of("lost"))
          : LiveThreads.JVM.sample(threads);
    }
  }
}
