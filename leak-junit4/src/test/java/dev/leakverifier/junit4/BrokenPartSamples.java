package dev.leakverifier.junit4;

import dev.leakverifier.testing.BrokenPart;
import dev.leakverifier.testing.Leaks;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** Runs with a leak, once to fail and once to warn. */
final class BrokenPartSamples {
  private BrokenPartSamples() {}

  static final class Run {
    public static void main(String[] args) {
      check();
      System.setProperty("leak.action", "warn");
      check();
    }

    private static void check() {
      print(NestedRun.run(WithRule.class));
      print(NestedRun.run(List.of(new LeakVerifierRunListener()), WithoutRule.class));
    }

    private static void print(NestedRun.Outcome outcome) {
      outcome.errors().forEach(BrokenPart::fails);
      if (outcome.result().wasSuccessful()) {
        outcome.passed().forEach(BrokenPart::passes);
      }
      Leaks.endAll();
    }
  }

  /** Leaks. */
  public static class WithRule extends WithoutRule {
    @Rule public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();
  }

  /** Leaks. */
  public static class WithoutRule {
    @Test
    public void leaks() {
      Leaks.leave(BrokenPart.LEFT);
    }
  }
}
