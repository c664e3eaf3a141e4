package dev.leakverifier.jvm;

import static com.google.common.truth.Truth.assertThat;
import static dev.leakverifier.testing.ThreadForm.VIRTUAL;

import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.VirtualThreadTests;
import org.testng.annotations.Test;

public class VirtualSchedulerTest extends VirtualThreadTests {
  @Test
  public void countsEachVirtualThreadThatWasStartedAndWaitsNow() {
    try (BlockedThread first = VIRTUAL.startBlocked("so that there is a carrier")) {
      for (int i = 0; i < 1_000; i++) {
        long before = runs();
        try (BlockedThread blocked = VIRTUAL.startBlocked("started")) {
          assertThat(runs()).isGreaterThan(before);
        }
      }
    }
  }

  @Test
  public void countsNothingWhileTheyWait() {
    try (BlockedThread waiting = VIRTUAL.startBlocked("waiting")) {
      int grown = 0;
      long last = runs();
      for (int i = 0; i < 1_000; i++) {
        Thread made = new Thread(() -> {});
        long now = runs();
        grown += now == last ? 0 : 1;
        last = now;
        assertThat(made.isAlive()).isFalse();
      }
      assertThat(grown).isAtMost(10); // somebody else may have started some
    }
  }

  /** Once none runs. */
  private static long runs() {
    long runs = -1;
    while (runs < 0) { // a test that waits for ever fails by the limit of the build
      runs = VirtualScheduler.JVM.runs();
    }
    return runs;
  }
}
