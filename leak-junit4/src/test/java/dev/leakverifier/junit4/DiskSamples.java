package dev.leakverifier.junit4;

import dev.leakverifier.LeakVerifier;
import dev.leakverifier.testing.BlockedThread;
import java.time.Duration;
import org.junit.FixMethodOrder;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.JUnitCore;
import org.junit.runners.MethodSorters;

/** A run whose files cannot all be written. */
final class DiskSamples {
  private DiskSamples() {}

  /** Leaks, and leaks again. */
  @FixMethodOrder(MethodSorters.NAME_ASCENDING)
  public static class Leaks {
    @Rule
    public final LeakVerifierRule leaks =
        LeakVerifierRule.verifyNone(LeakVerifier.maxWait(Duration.ZERO));

    @Test
    public void first() {
      var unused = BlockedThread.start("first");
    }

    @Test
    public void second() {
      var unused = BlockedThread.start("second");
    }

    @Test
    public void third() {}
  }

  /** Prints what each failure says, and ends with the number of failures. */
  static final class Run {
    private Run() {}

    public static void main(String[] args) {
      var failures = JUnitCore.runClasses(Leaks.class).getFailures();
      failures.forEach(
          failure ->
              System.out.println(
                  failure.getDescription().getMethodName() + ": " + failure.getMessage()));
      System.exit(failures.size());
    }
  }
}
