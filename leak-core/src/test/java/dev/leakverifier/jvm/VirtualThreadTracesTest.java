package dev.leakverifier.jvm;

import static com.google.common.truth.Truth.assertThat;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.HeldMonitor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

public class VirtualThreadTracesTest {
  private final List<Thread> listed = new ArrayList<>();
  private final AtomicLong now = new AtomicLong();
  private ThreadGroup root = new ThreadGroup("root");

  @BeforeMethod
  public void beginAnew() {
    root = new ThreadGroup("root");
    listed.clear();
    now.set(0);
  }

  @Test
  public void findsTheGroupOfTheCarriersOnceOneWasMade() {
    VirtualThreadTraces traces = traces(1, 2, 4);

    assertThat(traces.getAsBoolean()).isFalse();
    ThreadGroup carriers = new ThreadGroup(root, "CarrierThreads");
    assertThat(traces.getAsBoolean()).isFalse(); // as the ids tell, no carrier was made
    assertThat(traces.getAsBoolean()).isTrue();
    assertThat(carriers.getParent()).isSameInstanceAs(root);
  }

  @Test
  public void waitsForNobodyWhoHoldsTheGroup() {
    VirtualThreadTraces traces = traces(1, 2, 4, 6, 8);
    assertThat(traces.getAsBoolean()).isFalse();
    try (HeldMonitor held = HeldMonitor.of(root)) {
      assertThat(traces.getAsBoolean()).isFalse();
      assertThat(traces.getAsBoolean()).isTrue(); // there may be some, for all that is known
      assertThat(traces.getAsBoolean()).isTrue();
      assertThat(held.isHeld()).isTrue();
    }
    while (traces.getAsBoolean()) { // until the look is over that waited
      Thread.onSpinWait();
    }
  }

  @Test
  public void sparesTheLookWhereCarriersAreStillListed() {
    VirtualThreadTraces traces = traces(IntStream.iterate(1, id -> id + 2).iterator());
    lookOftenEnough(traces);
    try (HeldMonitor held = HeldMonitor.of(root)) {
      assertThat(traces.getAsBoolean()).isFalse();
      now.addAndGet(SECONDS.toNanos(14));
      assertThat(traces.getAsBoolean()).isFalse();
      try (BlockedThread carrier =
          BlockedThread.start(
              body -> new Thread(new ThreadGroup("CarrierThreads"), body, "carrier"))) {
        listed.add(carrier.thread());
        assertThat(traces.getAsBoolean()).isTrue();
      }
      assertThat(held.isHeld()).isTrue();
    }
  }

  /** An idle carrier ends after half a minute, and what it carried may wait on. */
  @Test
  public void looksAgainWhereACarrierMayHaveComeAndGone() {
    VirtualThreadTraces traces = traces(IntStream.iterate(1, id -> id + 2).iterator());
    lookOftenEnough(traces);
    ThreadGroup carriers = new ThreadGroup(root, "CarrierThreads");
    assertThat(traces.getAsBoolean()).isFalse();
    now.addAndGet(SECONDS.toNanos(15));
    assertThat(traces.getAsBoolean()).isTrue();
    assertThat(carriers.getParent()).isSameInstanceAs(root);
  }

  @Test
  public void looksEachTimeWhereThereAreNoCarriers() {
    Iterator<Integer> ids = IntStream.iterate(1, id -> id + 2).iterator();
    VirtualThreadTraces traces =
        new VirtualThreadTraces(
            root, () -> true, look -> ids.next(), () -> new Thread[0], now::get);
    lookOftenEnough(traces);
    ThreadGroup bound = new ThreadGroup(root, "VirtualThreads");
    assertThat(traces.getAsBoolean()).isTrue();
    assertThat(bound.getParent()).isSameInstanceAs(root);
  }

  private static void lookOftenEnough(VirtualThreadTraces traces) {
    for (int i = 0; i < 10; i++) {
      assertThat(traces.getAsBoolean()).isFalse();
    }
  }

  private VirtualThreadTraces traces(Integer... ids) {
    return traces(ImmutableList.copyOf(ids).iterator());
  }

  private VirtualThreadTraces traces(Iterator<Integer> ids) {
    return new VirtualThreadTraces(
        root, () -> false, look -> ids.next(), () -> listed.toArray(new Thread[0]), now::get);
  }
}
