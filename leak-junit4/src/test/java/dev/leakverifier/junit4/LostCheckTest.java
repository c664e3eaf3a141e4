package dev.leakverifier.junit4;

import dev.leakverifier.testing.BrokenPart;
import dev.leakverifier.testing.LostCheckRun;
import java.util.List;
import org.junit.Test;

/** An {@code Error} that ends a check fails what a leak would fail, and nothing else. */
public class LostCheckTest {
  @Test
  public void failsTheTestOfARuleUnlessItOnlyWarns() throws Exception {
    LostCheckRun.VERDICT.assertFailsOrWarns(RunsWithRule.class, "leaks", "leaks");
  }

  static final class RunsWithRule {
    public static void main(String[] args) {
      print(NestedRun.run(BrokenPartSamples.WithRule.class));
    }
  }

  @Test
  public void failsTheRunOfAListenerUnlessItOnlyWarns() throws Exception {
    for (LostCheckRun lost : LostCheckRun.values()) {
      lost.assertFailsOrWarns(RunsWithListener.class, "Test mechanism", "leaks");
    }
  }

  static final class RunsWithListener {
    public static void main(String[] args) {
      print(
          NestedRun.run(
              List.of(new LeakVerifierRunListener()), BrokenPartSamples.WithoutRule.class));
    }
  }

  private static void print(NestedRun.Outcome outcome) {
    outcome.errors().forEach(BrokenPart::fails);
    if (outcome.result().wasSuccessful()) {
      outcome.passed().forEach(BrokenPart::passes);
    }
    System.out.flush();
    Runtime.getRuntime().halt(0); // a leak of the test is left
  }
}
