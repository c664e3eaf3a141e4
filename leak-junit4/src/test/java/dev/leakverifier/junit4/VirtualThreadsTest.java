package dev.leakverifier.junit4;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.LeakError;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.junit4.NestedRun.Outcome;
import dev.leakverifier.testing.Leaks;
import dev.leakverifier.testing.ThreadForm;
import java.time.Duration;
import org.junit.After;
import org.junit.Assume;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Virtual threads in a run of JUnit 4, with the rule and with the run listener. */
public class VirtualThreadsTest {
  @Before
  public void skipWhereThereAreNone() {
    Assume.assumeTrue(ThreadForm.WHY_NOT, ThreadForm.VIRTUAL.isThere());
  }

  @After
  public void endSampleThreads() {
    Leaks.endAll();
  }

  @Test
  public void areBlamedOnTheTestThatLeftThem() {
    Outcome outcome = NestedRun.run(Samples.WithRule.class);

    assertThat(outcome.passed()).containsExactly("leavesNothing");
    assertThat(outcome.errors().keySet()).containsExactly("leavesAVirtualThread");
    LeakError error = (LeakError) outcome.error("leavesAVirtualThread");
    assertThat(error.report().threads()).hasSize(1);
    assertThat(error.report().threads().get(0).isVirtual()).isTrue();
    assertThat(error).hasMessageThat().contains("1) waits in vain   \"left\"   virtual, WAITING");
  }

  @Test
  public void areBlamedOnTheTestAtTheEndOfTheRun() {
    Outcome outcome =
        NestedRun.run(ImmutableList.of(new LeakVerifierRunListener()), Samples.WithoutRule.class);

    assertThat(outcome.headline("Test mechanism"))
        .startsWith(
            "1 thread leaked by VirtualThreadsTest.Samples.WithoutRule.leavesAVirtualThread (");
  }

  static final class Samples {
    public static class WithRule {
      @Rule
      public final LeakVerifierRule leaks =
          LeakVerifierRule.verifyNone(LeakVerifier.maxWait(Duration.ZERO));

      @Test
      public void leavesNothing() {}

      @Test
      public void leavesAVirtualThread() {
        Leaks.leave(ThreadForm.VIRTUAL.startBlocked("left"));
      }
    }

    public static class WithoutRule {
      @Test
      public void leavesAVirtualThread() {
        Leaks.leave(ThreadForm.VIRTUAL.startBlocked("left"));
      }
    }

    private Samples() {}
  }
}
