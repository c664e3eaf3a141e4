package dev.leakverifier.testng;

import dev.leakverifier.testing.BrokenPart;
import dev.leakverifier.testing.Leaks;
import org.testng.annotations.Test;

/** A run with a leak, once to fail and once to warn. */
final class BrokenPartSamples {
  private BrokenPartSamples() {}

  static final class Run {
    public static void main(String[] args) {
      check();
      System.setProperty("leak.action", "warn");
      check();
    }

    private static void check() {
      NestedRun.Outcome outcome = NestedRun.of(Leaking.class).run();
      outcome.passed().forEach(BrokenPart::passes);
      outcome.failed().forEach(test -> BrokenPart.fails(test, outcome.error(test)));
      Leaks.endAll();
    }
  }

  /** Leaks. */
  public static class Leaking {
    @Test
    public void leaks() {
      Leaks.leave(BrokenPart.LEFT);
    }
  }
}
