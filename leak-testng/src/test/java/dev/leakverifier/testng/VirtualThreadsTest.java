package dev.leakverifier.testng;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.testing.Leaks;
import dev.leakverifier.testing.ThreadForm;
import dev.leakverifier.testing.VirtualThreadTests;
import dev.leakverifier.testng.NestedRun.Outcome;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.Test;

/** Virtual threads in a run of TestNG with the listener. */
public class VirtualThreadsTest extends VirtualThreadTests {
  @AfterMethod
  public void endSampleThreads() {
    Leaks.endAll();
  }

  @Test
  public void areBlamedOnTheTestThatLeftThem() {
    Outcome outcome = NestedRun.of(Samples.Leaking.class).run();

    assertThat(outcome.passed()).containsExactly("leavesNothing", "leavesAPlatformThreadThatEnds");
    assertThat(outcome.failed()).containsExactly("leavesAVirtualThread");
    assertThat(outcome.headline("leavesAVirtualThread"))
        .isEqualTo(
            "1 thread leaked by VirtualThreadsTest.Samples.Leaking.leavesAVirtualThread"
                + " (looked once, without waiting)");
    assertThat(outcome.error("leavesAVirtualThread"))
        .hasMessageThat()
        .contains("1) waits in vain   \"left\"   virtual, WAITING");
  }

  @Test
  public void areNoLeakWhereAnAfterClassStopsThem() {
    Outcome outcome = NestedRun.of(Samples.Stopped.class).runBesideALeak();

    assertThat(outcome.failed()).isEmpty();
    assertThat(outcome.passed()).containsExactly("leavesAVirtualThread");
  }

  static final class Samples {
    public static class Leaking {
      @Test
      public void leavesNothing() {}

      @Test
      public void leavesAVirtualThread() {
        Leaks.leave(ThreadForm.VIRTUAL.startBlocked("left"));
      }

      @Test
      public void leavesAPlatformThreadThatEnds() {
        ThreadForm.end(ThreadForm.PLATFORM.start("ended", () -> {}));
      }
    }

    public static class Stopped {
      @Test
      public void leavesAVirtualThread() {
        Leaks.leave(ThreadForm.VIRTUAL.startBlocked("stopped later"));
      }

      @AfterClass
      public void stop() {
        Leaks.endAll();
      }
    }

    private Samples() {}
  }
}
