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
import dev.leakverifier.testing.VirtualThreadTests;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.testng.annotations.BeforeMethod;
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
            .containsExactly("first", List.of("one"), "third", List.of("unseen"));
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
  public void watchLooksForVirtualThreadsOnlyIfOneWasMadeSinceTheLastNote() {
    LeakWatch<Named> watch = watch();
    VirtualListing last = threads.last;
    int spared = 0;
    for (int i = 0; i < 100; i++) { // somebody else in this JVM may make a thread now and then
      try (BlockedThread platform = BlockedThread.start("platform")) {
        watch.appearedIn(new Named("without"));
      }
      spared += last == threads.last ? 1 : 0;
      last = threads.last;
    }
    assertThat(spared).isAtLeast(50);

    try (BlockedThread virtual = VIRTUAL.startBlocked("made")) {
      watch.appearedIn(new Named("with"));
      assertThat(threads.last).isNotSameInstanceAs(last);
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
    VirtualListing last = VirtualListing.NONE;
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
      return note(LiveThreads.JVM.list());
    }

    @Override
    public ThreadListing listSince(VirtualListing earlier) {
      return note(LiveThreads.JVM.listSince(earlier));
    }

    private ThreadListing note(ThreadListing listing) {
      ThreadListing seen = blind ? Samples.blind(listing, "blind") : listing;
      last = seen.virtual();
      return seen;
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
