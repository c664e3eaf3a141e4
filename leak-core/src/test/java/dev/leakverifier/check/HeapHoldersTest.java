package dev.leakverifier.check;

import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.check.HeapHolders.Told;
import dev.leakverifier.diagnosis.Observation;
import dev.leakverifier.heap.LastingHolder;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadHolder;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** When the heap is asked who holds a thread, and what becomes of the answer. */
public class HeapHoldersTest {
  private static final long MEGABYTE = 1 << 20;
  private static final ThreadHolder HOLDER =
      new ThreadHolder(
          "static com.acme.Shop.pool (ThreadPoolExecutor)",
          Optional.of("Shop.pool"),
          "ThreadPoolExecutor");

  private final List<Set<Long>> dumps = new ArrayList<>();
  private final Set<Long> lasting = new HashSet<>();
  private long liveHeap;
  private boolean mayLast;

  @BeforeMethod
  public void startAnew() {
    dumps.clear();
    lasting.clear();
    liveHeap = MEGABYTE;
    mayLast = false;
  }

  private HeapHolders holders() {
    return new HeapHolders(
        ids -> {
          dumps.add(Set.copyOf(ids));
          return new Told(
              lasting.stream()
                  .filter(ids::contains)
                  .collect(toImmutableMap(id -> id, id -> LastingHolder.SPRING_TEST_CONTEXT)),
              ids.stream()
                  .filter(id -> !lasting.contains(id))
                  .collect(toImmutableMap(id -> id, id -> HOLDER)));
        },
        () -> liveHeap,
        () -> mayLast);
  }

  private static HeapHolders failing(List<Set<Long>> asked, Exception why) {
    return new HeapHolders(
        ids -> {
          asked.add(ids);
          throw why instanceof IOException e ? e : new IOException(why);
        },
        () -> MEGABYTE,
        () -> false);
  }

  @Test
  public void oneDumpTellsOfAllThatIsLeft() {
    ThreadSample one = waiting("com.acme.One.run:1");
    ThreadSample two = waiting("com.acme.Two.run:1");

    Findings told = tell(holders(), HeapUse.AUTO, one, two);

    assertThat(heldBy(told)).containsExactly(HOLDER.words(), HOLDER.words());
    assertThat(dumps).containsExactly(Set.of(one.id(), two.id()));
    assertThat(told.notSeen()).isEmpty();
  }

  @Test
  public void whatWasToldBeforeNeedsNoDump() {
    HeapHolders holders = holders();
    ThreadSample thread = waiting("com.acme.One.run:1");
    tell(holders, HeapUse.AUTO, thread);

    Findings again = tell(holders, HeapUse.AUTO, thread);

    assertThat(heldBy(again)).containsExactly(HOLDER.words());
    assertThat(dumps).hasSize(1);
  }

  @Test
  public void anEqualLeakNeedsNoDumpAndSaysSo() {
    HeapHolders holders = holders();
    tell(holders, HeapUse.AUTO, waiting("com.acme.One.run:1"));

    Findings told = tell(holders, HeapUse.AUTO, waiting("com.acme.One.run:1"));

    assertThat(heldBy(told))
        .containsExactly(
            "static com.acme.Shop.pool (ThreadPoolExecutor), as an equal thread was that leaked"
                + " before");
    assertThat(told.threads().get(0).holder().flatMap(ThreadHolder::object)).isEmpty();
    assertThat(dumps).hasSize(1);
  }

  @Test
  public void aSampleThatKnowsItsHolderNeedsNoDump() {
    ThreadSample known =
        waiting("com.acme.One.run:1").toBuilder().holder(Optional.of(HOLDER)).build();

    Findings told = tell(holders(), HeapUse.ALWAYS, known);

    assertThat(heldBy(told)).containsExactly(HOLDER.words());
    assertThat(dumps).isEmpty();
  }

  @Test
  public void neverMeansNever() {
    Findings told = tell(holders(), HeapUse.NEVER, waiting("com.acme.One.run:1"));

    assertThat(heldBy(told)).isEmpty();
    assertThat(told.notSeen()).isEmpty();
    assertThat(dumps).isEmpty();
  }

  @Test
  public void aLargeHeapIsNotReadUnlessItAlwaysIs() {
    liveHeap = 257 * MEGABYTE;
    ThreadSample thread = waiting("com.acme.One.run:1");

    Findings told = tell(holders(), HeapUse.AUTO, thread);

    assertThat(heldBy(told)).isEmpty();
    assertThat(told.notSeen())
        .containsExactly(
            "who holds the threads: the heap has 257 MB, and leak.heap=auto reads 256 MB at most"
                + " (always reads any)");
    assertThat(heldBy(tell(holders(), HeapUse.ALWAYS, thread))).containsExactly(HOLDER.words());
    assertThat(dumps).hasSize(1);
  }

  @Test
  public void whatGoesWrongCostsALineOnceAndNoVerdict() {
    List<Set<Long>> asked = new ArrayList<>();
    HeapHolders holders = failing(asked, new IOException("the disk is full"));
    ThreadSample thread = waiting("com.acme.One.run:1");

    Findings told = tell(holders, HeapUse.AUTO, thread);

    assertThat(told.threads()).containsExactly(thread);
    assertThat(told.notSeen()).hasSize(1);
    assertThat(told.notSeen().iterator().next()).contains("the disk is full");

    tell(holders, HeapUse.AUTO, waiting("com.acme.One.run:1"));
    assertThat(asked).hasSize(1);
  }

  @Test
  public void whatLastsIsNoLeakAndIsCounted() {
    ThreadSample ofContext = waiting("com.acme.Mailer.run:1");
    ThreadSample own = waiting("com.acme.One.run:1");
    lasting.add(ofContext.id());

    Findings told = tell(holders(), HeapUse.AUTO, ofContext, own);

    assertThat(told.threads().stream().map(ThreadSample::id).toList()).containsExactly(own.id());
    assertThat(told.held()).containsExactly(ofContext.id(), LastingHolder.SPRING_TEST_CONTEXT);
    assertThat(dumps).hasSize(1);
  }

  @Test
  public void whatHasLastedIsAskedAboutAgain() {
    HeapHolders holders = holders();
    ThreadSample thread = waiting("com.acme.Mailer.run:1");
    lasting.add(thread.id());
    assertThat(tell(holders, HeapUse.AUTO, thread).threads()).isEmpty();

    lasting.clear(); // its context was closed

    assertThat(tell(holders, HeapUse.AUTO, thread).threads()).hasSize(1);
    assertThat(dumps).hasSize(2);
  }

  @Test
  public void anEqualLeakIsNoProofWhereSomethingMayLast() {
    HeapHolders holders = holders();
    mayLast = true;
    tell(holders, HeapUse.AUTO, waiting("com.acme.One.run:1"));
    ThreadSample equal = waiting("com.acme.One.run:1");
    lasting.add(equal.id());

    assertThat(tell(holders, HeapUse.AUTO, equal).threads()).isEmpty();
    assertThat(dumps).hasSize(2);
  }

  @Test
  public void whereTheHeapIsNotReadALineSaysThatAContextMayHoldIt() {
    mayLast = true;
    liveHeap = 257 * MEGABYTE;
    ThreadSample thread = waiting("com.acme.One.run:1");

    assertThat(tell(holders(), HeapUse.NEVER, thread).notSeen())
        .containsExactly(
            "who holds the threads is not asked (leak.heap=never); what a cached Spring test context"
                + " holds is no leak, and only the heap tells (leak.heap=always)");
    assertThat(tell(holders(), HeapUse.AUTO, thread).notSeen())
        .containsExactly(
            "who holds the threads: the heap has 257 MB, and leak.heap=auto reads 256 MB at most"
                + " (always reads any); what a cached Spring test context holds is no leak, and only"
                + " the heap tells (leak.heap=always)");
    assertThat(dumps).isEmpty();
  }

  private static Findings tell(HeapHolders holders, HeapUse use, ThreadSample... threads) {
    CheckSettings.Builder settings = new CheckSettings.Builder();
    settings.heap(use);
    CheckSettings built = settings.build();
    List<ThreadSample> all = ImmutableList.copyOf(threads);
    Findings found =
        new Findings(
            all.stream().map(Observation::of).toList(),
            List.of(),
            Map.of(),
            Duration.ZERO,
            false,
            Set.of());
    return holders.tell(
        found,
        all.stream().map(thread -> new Suspect(new LiveThread(thread.id(), null), built)).toList());
  }

  private static List<String> heldBy(Findings findings) {
    return findings.threads().stream().flatMap(thread -> thread.heldBy().stream()).toList();
  }

  private static ThreadSample waiting(String frame) {
    return Samples.of("worker", Thread.State.WAITING, frame);
  }
}
