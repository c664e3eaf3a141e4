package dev.leakverifier.jvm;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.testng.Assert.expectThrows;

import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.ThreadForm;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.testng.SkipException;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What the heap of a JVM tells of its virtual threads. */
public class HeapCensusTest {
  private final List<Path> files = new ArrayList<>();

  @BeforeMethod
  public void startAnew() {
    files.clear();
  }

  /** A heap of which a test says whether a virtual thread is in it, and what a dump of it is. */
  private final class FakeHeap implements HeapCensus.Heap {
    private final boolean empty;
    private final byte[] dump;
    private int counted;

    FakeHeap(boolean empty, byte[] dump) {
      this.empty = empty;
      this.dump = dump;
    }

    @Override
    public boolean hasNoVirtualThread() {
      counted++;
      return empty;
    }

    @Override
    public void dumpTo(Path file) throws IOException {
      files.add(file);
      Files.write(file, dump);
    }
  }

  @Test
  public void takesNoDumpWhereNoVirtualThreadIsInTheHeap() throws IOException {
    HeapCensus census = new HeapCensus(new FakeHeap(true, new byte[0]), new AtomicLong()::get);

    assertThat(census.ids().ids().isEmpty()).isTrue();
    assertThat(census.samples(id -> true).samples()).isEmpty();
    assertThat(files).isEmpty();
  }

  @Test
  public void doesNotEvenCountWhereNoThreadWasMadeSinceNoneWasInTheHeap() throws IOException {
    AtomicLong made = new AtomicLong();
    FakeHeap heap = new FakeHeap(true, new byte[0]);
    HeapCensus census = new HeapCensus(heap, made::get);
    census.ids();
    assertThat(census.ids().ids().isEmpty()).isTrue();
    assertThat(heap.counted).isEqualTo(1);

    made.incrementAndGet();
    census.ids();
    assertThat(heap.counted).isEqualTo(2);
  }

  @DataProvider
  Object[][] histograms() {
    String thread = "  70:            29           3016  java.lang.Thread (java.base@25.0.3)\n";
    return new Object[][] {
      {thread, true},
      {
        thread + "  71:  2  208  java.lang.VirtualThread$VThreadContinuation (java.base@25)\n", true
      },
      {thread + "   9:  1  168  java.lang.VirtualThread (java.base@25.0.3)\n", false},
      {thread + "   9:  1  168  java.lang.ThreadBuilders$BoundVirtualThread (java.base)\n", false},
      {"Could not start a collection\n", false},
    };
  }

  @Test(dataProvider = "histograms")
  public void knowsThatNoneIsInTheHeapOnlyFromAHistogramThatHasNone(String text, boolean none) {
    assertThat(JvmHeap.showsNone(text)).isEqualTo(none);
  }

  @DataProvider
  Object[][] noDumps() throws IOException {
    byte[] whole = dumpOfThisJvm();
    return new Object[][] {
      {"Full thread dump OpenJDK (17):\n\n and more".getBytes(UTF_8), "it is no heap dump"},
      {new byte[0], "it is cut short"},
      {Arrays.copyOf(whole, 100), "it is cut short"},
      {Arrays.copyOf(whole, whole.length / 2), "it is cut short"},
      {Arrays.copyOf(whole, whole.length - 9), "it is cut short"}, // only its end is missing
    };
  }

  @Test(dataProvider = "noDumps")
  public void saysWhyADumpCannotBeRead(byte[] dump, String why) {
    HeapCensus census = new HeapCensus(new FakeHeap(false, dump), new AtomicLong()::get);
    IOException error = expectThrows(IOException.class, census::ids);

    assertThat(error).hasMessageThat().isEqualTo(why);
    assertThat(files.stream().anyMatch(Files::exists)).isFalse();
  }

  @Test
  public void findsNoVirtualThreadInADumpOfAJvmThatHasNone() throws IOException {
    if (ThreadForm.VIRTUAL.isThere()) {
      throw new SkipException("other tests' virtual threads may be in this JVM");
    }
    HeapCensus census = new HeapCensus(new FakeHeap(false, dumpOfThisJvm()), new AtomicLong()::get);

    assertThat(census.ids().ids().isEmpty()).isTrue();
  }

  @Test
  public void showsOfAThreadWhatAThreadDumpShows() throws IOException, InterruptedException {
    if (!ThreadForm.dump().equals("heap dump")) {
      throw new SkipException("read on JDK 25 only");
    }
    HeapCensus heap = new HeapCensus(new JvmHeap(), ThreadCount::made);
    ThreadDumpCensus dump = new ThreadDumpCensus(new JvmThreadDump(), JvmThreadDump::gap);
    CountDownLatch latch = new CountDownLatch(1);
    Thread waiting = ThreadForm.VIRTUAL.start("wartet ü 中", () -> await(latch));
    Thread asleep = ThreadForm.VIRTUAL.start("asleep", HeapCensusTest::sleep);
    Thread unstarted = ThreadForm.VIRTUAL.unstarted("unstarted", () -> {});
    try (BlockedThread blocked = ThreadForm.VIRTUAL.startBlocked("blocked")) {
      awaitState(waiting, Thread.State.WAITING);
      awaitState(asleep, Thread.State.TIMED_WAITING);

      IdSet ids = heap.ids().ids();
      assertThat(ids.contains(ThreadIds.of(unstarted))).isFalse();
      assertThat(ids.contains(ThreadIds.of(waiting))).isTrue();
      for (Thread thread : List.of(waiting, asleep)) {
        ThreadSample seen = only(heap, thread);
        ThreadSample expected = only(dump, thread);
        assertThat(seen.frames()).isEqualTo(expected.frames());
        assertThat(seen.name()).isEqualTo(expected.name());
        assertThat(seen.state()).isEqualTo(expected.state());
        assertThat(seen.lock().map(lock -> lock.className()))
            .isEqualTo(expected.lock().map(lock -> lock.className()));
        assertThat(seen.isVirtual()).isTrue();
        assertThat(seen.isDaemon()).isTrue();
      }
    } finally {
      latch.countDown();
      ThreadForm.end(asleep);
    }
    waiting.join();
    assertThat(heap.ids().ids().contains(ThreadIds.of(waiting))).isFalse(); // though it is held
  }

  @Test
  public void saysThatAHeapDumpDoesNotTellWhichMonitorAThreadWaitsFor() throws IOException {
    if (!ThreadForm.dump().equals("heap dump")) {
      throw new SkipException("read on JDK 25 only");
    }
    HeapCensus heap = new HeapCensus(new JvmHeap(), ThreadCount::made);
    Object monitor = new Object();
    Thread blocked;
    synchronized (monitor) {
      blocked = ThreadForm.VIRTUAL.start("blocked", () -> enter(monitor));
      awaitState(blocked, Thread.State.BLOCKED);
      ThreadSource.Sampling seen = heap.samples(id -> id == ThreadIds.of(blocked));

      assertThat(seen.samples().get(0).state()).isEqualTo(Thread.State.BLOCKED);
      assertThat(seen.notSeen()).isEqualTo(Optional.of(HeapCensus.MONITORS_NOT_SEEN));
    }
    ThreadForm.end(blocked);
  }

  private static byte[] dumpOfThisJvm() throws IOException {
    Path file = PrivateFolder.newFile(".hprof");
    try {
      new JvmHeap().dumpTo(file);
      return Files.readAllBytes(file);
    } finally {
      PrivateFolder.delete(file);
    }
  }

  private static ThreadSample only(VirtualCensus census, Thread thread) throws IOException {
    long id = ThreadIds.of(thread);
    List<ThreadSample> samples = census.samples(wanted -> wanted == id).samples();
    assertThat(samples).hasSize(1);
    return samples.get(0);
  }

  private static void awaitState(Thread thread, Thread.State state) {
    while (thread.getState() != state) {
      Thread.onSpinWait();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(1_000_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void enter(Object monitor) {
    synchronized (monitor) {
      Thread.onSpinWait();
    }
  }
}
