package dev.leakverifier.jvm;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.testing.HeldMonitor;
import java.util.Iterator;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

public class VirtualThreadTracesTest {
  private ThreadGroup root = new ThreadGroup("root");

  @BeforeMethod
  public void beginAnew() {
    root = new ThreadGroup("root");
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

  private VirtualThreadTraces traces(Integer... ids) {
    Iterator<Integer> next = ImmutableList.copyOf(ids).iterator();
    return new VirtualThreadTraces(root, () -> false, look -> next.next());
  }
}
