package dev.leakverifier.junit4;

import dev.leakverifier.testing.BlindSpot;
import dev.leakverifier.testing.Leaks;
import java.util.List;
import java.util.function.Function;
import org.junit.Rule;
import org.junit.Test;

/** Clean runs, and one with a leak. */
final class BlindSpotSamples {
  private BlindSpotSamples() {}

  static final class WithRule {
    public static void main(String[] args) {
      BlindSpot.make(args);
      check(NestedRun::run, Clean.class, Leaking.class);
    }
  }

  static final class WithRunListener {
    public static void main(String[] args) {
      BlindSpot.make(args);
      check(
          test -> NestedRun.run(List.of(new LeakVerifierRunListener()), test),
          CleanWithoutRule.class,
          LeakingWithoutRule.class);
    }
  }

  private static void check(
      Function<Class<?>, NestedRun.Outcome> run, Class<?> clean, Class<?> leaking) {
    for (int i = 0; i < 2; i++) {
      if (run.apply(clean).result().wasSuccessful()) {
        System.out.print(BlindSpot.CLEAN);
      }
    }
    run.apply(leaking).errors().values().forEach(error -> System.out.print(error.getMessage()));
    Leaks.endAll();
  }

  public static class Clean extends CleanWithoutRule {
    @Rule public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();
  }

  public static class CleanWithoutRule {
    @Test
    public void leaksNothing() {}
  }

  public static class Leaking extends LeakingWithoutRule {
    @Rule public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();
  }

  public static class LeakingWithoutRule {
    @Test
    public void leaks() {
      Leaks.leave("left");
    }
  }
}
