package dev.leakverifier.jvm;

import static com.google.common.truth.Truth.assertThat;
import static dev.leakverifier.testing.ThreadForm.VIRTUAL;

import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.ThreadForm;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;
import org.testng.SkipException;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** When the heap of a JVM is asked for its virtual threads, and how. */
public class HeapCensusTest {
  private static final long MILLISECOND = 1_000_000;

  private FakeHeap heap = new FakeHeap();
  private HeapCensus census = censusOf(heap);

  @BeforeMethod
  public void startAnew() {
    heap = new FakeHeap();
    census = censusOf(heap);
  }

  private static HeapCensus censusOf(FakeHeap heap) {
    return new HeapCensus(heap, heap::clock, () -> heap.nanos, heap::letPass);
  }

  /** A heap of which a test says which virtual threads are in it. */
  private static final class FakeHeap implements HeapCensus.Heap {
    final Deque<Integer> endWithEachPause = new ArrayDeque<>();
    long[] alive = {};
    int ended;
    long runs;
    long made;
    long nanos;
    int counts;
    int dumps;
    int pauses;

    /** One of them has run since. */
    void areAlive(long... ids) {
      alive = ids;
      runs++;
      made++;
    }

    ThreadClock clock() {
      return new ThreadClock(1_000, made, runs);
    }

    void letPass(long passed) {
      nanos += passed;
      pauses++;
      if (!endWithEachPause.isEmpty()) {
        areAlive(Arrays.copyOf(alive, endWithEachPause.remove()));
      }
    }

    @Override
    public int count() {
      counts++;
      return alive.length + ended;
    }

    @Override
    public HeapCensus.Alive alive() {
      return new HeapCensus.Alive(IdSet.of(alive), samples(id -> true));
    }

    @Override
    public List<ThreadSample> samples(LongPredicate wanted) {
      dumps++;
      nanos += 100 * MILLISECOND;
      return Arrays.stream(alive)
          .filter(wanted)
          .mapToObj(
              id -> ThreadSample.builder(id, "run " + runs, Thread.State.WAITING).virtual().build())
          .toList();
    }
  }

  @Test
  public void takesNoDumpWhereTheHeapHoldsNone() throws IOException {
    assertThat(ids()).isEmpty();
    assertThat(heap.counts).isEqualTo(1);
    assertThat(heap.dumps).isEqualTo(0);
  }

  @Test
  public void takesOneDumpForAllQuestionsUntilAVirtualThreadHasRun() throws IOException {
    heap.areAlive(7, 8);
    assertThat(ids()).containsExactly(7L, 8L);
    heap.made++; // a thread of either kind, which was not started

    assertThat(ids()).containsExactly(7L, 8L);
    assertThat(names(8L)).containsExactly("run " + heap.runs);
    assertThat(namesAtAGlance(8L)).containsExactly("run " + heap.runs);
    assertThat(heap.dumps).isEqualTo(1);
    assertThat(heap.counts).isEqualTo(1);

    heap.areAlive(8, 9);
    assertThat(ids()).containsExactly(8L, 9L);
    assertThat(names(8L)).containsExactly("run " + heap.runs);
    assertThat(heap.dumps).isEqualTo(2);
  }

  @Test
  public void asksNothingWhereNoneWasLeftAndNoThreadWasMadeSince() throws IOException {
    heap.runs = -2; // so that it stays unknown
    assertThat(ids()).isEmpty();
    assertThat(ids()).isEmpty();
    assertThat(heap.counts).isEqualTo(1);

    heap.made++;
    assertThat(ids()).isEmpty();
    assertThat(heap.counts).isEqualTo(2);
  }

  @Test
  public void asksAgainWhereItIsNotKnownWhetherThoseThatAreLeftHaveRun() throws IOException {
    heap.alive = new long[] {7};
    heap.runs = -1;
    assertThat(ids()).containsExactly(7L);
    heap.alive = new long[] {};

    assertThat(ids()).isEmpty();
  }

  @Test
  public void letsThoseEndThatAreEndingBeforeItTakesADump() throws IOException {
    heap.areAlive(7, 8, 9);
    heap.endWithEachPause.addAll(List.of(1, 0));

    assertThat(ids()).isEmpty();
    assertThat(heap.dumps).isEqualTo(0);
    assertThat(heap.pauses).isEqualTo(2);
  }

  @Test
  public void waitsNoLongerThanADumpMayTake() throws IOException {
    heap.areAlive(1, 2, 3, 4, 5);
    heap.endWithEachPause.addAll(List.of(5, 4, 3, 2, 1));

    assertThat(ids()).containsExactly(1L, 2L);
    assertThat(heap.nanos).isEqualTo((5 + 10 + 20 + 40 + 100) * MILLISECOND);
  }

  @Test
  public void countsNotAgainWhileOneRuns() throws IOException {
    heap.areAlive(1);
    heap.runs = -1;
    assertThat(ids()).containsExactly(1L);
    assertThat(heap.counts).isEqualTo(2);
  }

  @Test
  public void doesNotWaitForThoseThatHaveLivedBefore() throws IOException {
    heap.areAlive(7, 8);
    assertThat(ids()).containsExactly(7L, 8L);
    int pauses = heap.pauses;
    heap.areAlive(7, 8);

    assertThat(ids()).containsExactly(7L, 8L);
    assertThat(heap.pauses).isEqualTo(pauses);
    assertThat(heap.dumps).isEqualTo(2);
  }

  @Test
  public void takesNoDumpWhileItWaitsForOnesThatRunNowAndThen() throws IOException {
    heap.areAlive(7, 8);
    assertThat(names(8L)).hasSize(1);
    String before = names(8L).get(0);
    heap.areAlive(7, 8);

    assertThat(namesAtAGlance(8L)).containsExactly(before);
    assertThat(heap.dumps).isEqualTo(1);
    assertThat(names(8L)).containsExactly("run " + heap.runs); // the last look
    assertThat(heap.dumps).isEqualTo(2);
  }

  @Test
  public void noticesWithoutADumpThatAllHaveEnded() throws IOException {
    heap.areAlive(7, 8);
    assertThat(names(7L, 8L)).hasSize(2);
    heap.areAlive();

    assertThat(namesAtAGlance(7L, 8L)).isEmpty();
    assertThat(heap.dumps).isEqualTo(1);
  }

  @Test
  public void noticesThatThoseItWaitsForHaveEndedThoughOthersLiveOn() throws IOException {
    heap.areAlive(7, 8);
    assertThat(names(8L)).hasSize(1);
    heap.areAlive(7);

    assertThat(namesAtAGlance(8L)).isEmpty();
    assertThat(heap.dumps).isEqualTo(2);
  }

  @Test
  public void noticesNowAndThenThatOneHasEndedWhoseObjectIsKept() throws IOException {
    heap.areAlive(7);
    assertThat(names(7L)).hasSize(1);
    heap.areAlive();
    heap.ended = 1;
    assertThat(namesAtAGlance(7L)).hasSize(1);

    heap.nanos += 2_000 * MILLISECOND;
    assertThat(namesAtAGlance(7L)).isEmpty();
  }

  @DataProvider
  Object[][] histograms() {
    String thread = "  70:            29           3016  java.lang.Thread (java.base@25.0.3)\n";
    return new Object[][] {
      {thread, 0},
      {thread + "  71:  2  208  java.lang.VirtualThread$VThreadContinuation (java.base@25)\n", 0},
      {thread + "   9:  12  168  java.lang.VirtualThread (java.base@25.0.3)\n", 12},
      {thread + "   9:  1  168  java.lang.ThreadBuilders$BoundVirtualThread (java.base)\n", 1},
      {thread + "   9:  1  168  com.acme.VirtualThread\n", 0},
      {"Could not start a collection\n", -1},
    };
  }

  @Test(dataProvider = "histograms")
  public void readsFromAHistogramHowManyThereAre(String text, int count) {
    assertThat(CensusHeap.count(text)).isEqualTo(count);
  }

  @Test
  public void takesNoDumpOfThisJvmWhereAThousandHaveEnded() throws Exception {
    skipUnlessHeapIsRead();
    CountingHeap jvm = new CountingHeap();
    HeapCensus census =
        new HeapCensus(jvm, ThreadClock::now, System::nanoTime, LockSupport::parkNanos);
    long[] before = census.ids().ids().toArray(); // other tests may have left some
    int dumps = jvm.dumps;
    ExecutorService executor = ThreadForm.virtualThreadPerTaskExecutor();
    for (int i = 0; i < 1_000; i++) {
      executor.execute(() -> {});
    }
    executor.shutdown();
    assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();

    assertThat(census.ids().ids().toArray()).isEqualTo(before);
    assertThat(jvm.dumps - dumps).isEqualTo(before.length == 0 ? 0 : 1);
  }

  @Test
  public void findsInThisJvmWhatLivesAndNotWhatIsNotStartedOrHasEnded() throws IOException {
    skipUnlessHeapIsRead();
    HeapCensus census =
        new HeapCensus(
            new CountingHeap(), ThreadClock::now, System::nanoTime, LockSupport::parkNanos);
    Thread unstarted = VIRTUAL.unstarted("unstarted", () -> {});
    Thread ended = VIRTUAL.start("ended", () -> {});
    ThreadForm.end(ended);
    try (BlockedThread alive = VIRTUAL.startBlocked("alive")) {
      IdSet ids = census.ids().ids();

      assertThat(ids.contains(ThreadIds.of(alive.thread()))).isTrue();
      assertThat(ids.contains(ThreadIds.of(unstarted))).isFalse();
      assertThat(ids.contains(ThreadIds.of(ended))).isFalse();
    }
  }

  @Test
  public void saysThatAHeapDumpDoesNotTellWhichMonitorAThreadWaitsFor() throws IOException {
    skipUnlessHeapIsRead();
    HeapCensus jvm =
        new HeapCensus(
            new CensusHeap(), ThreadClock::now, System::nanoTime, LockSupport::parkNanos);
    Object monitor = new Object();
    Thread blocked;
    synchronized (monitor) {
      blocked = VIRTUAL.start("blocked", () -> enter(monitor));
      while (blocked.getState() != Thread.State.BLOCKED) {
        Thread.onSpinWait();
      }
      ThreadSource.Sampling seen = jvm.samples(id -> id == ThreadIds.of(blocked));

      assertThat(seen.samples().get(0).state()).isEqualTo(Thread.State.BLOCKED);
      assertThat(seen.notSeen()).isEqualTo(Optional.of(HeapCensus.MONITORS_NOT_SEEN));
    }
    ThreadForm.end(blocked);
  }

  private static void enter(Object monitor) {
    synchronized (monitor) {
      Thread.onSpinWait();
    }
  }

  private static void skipUnlessHeapIsRead() {
    if (!ThreadForm.dump().equals("heap dump")) {
      throw new SkipException("only JDK 25 is asked for a heap dump");
    }
  }

  /** The heap of this JVM. */
  private static final class CountingHeap implements HeapCensus.Heap {
    private final CensusHeap jvm = new CensusHeap();
    private int dumps;

    @Override
    public int count() {
      return jvm.count();
    }

    @Override
    public HeapCensus.Alive alive() throws IOException {
      dumps++;
      return jvm.alive();
    }

    @Override
    public List<ThreadSample> samples(LongPredicate wanted) throws IOException {
      dumps++;
      return jvm.samples(wanted);
    }
  }

  private List<Long> ids() throws IOException {
    return Arrays.stream(census.ids().ids().toArray()).boxed().toList();
  }

  private List<String> names(Long... ids) throws IOException {
    return names(census.samples(List.of(ids)::contains));
  }

  private List<String> namesAtAGlance(Long... ids) throws IOException {
    return names(census.glance(List.of(ids)::contains));
  }

  private static List<String> names(ThreadSource.Sampling sampling) {
    return sampling.samples().stream().map(ThreadSample::name).toList();
  }
}
