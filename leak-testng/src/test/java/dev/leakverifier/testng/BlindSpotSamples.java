package dev.leakverifier.testng;

import dev.leakverifier.testing.BlindSpot;
import dev.leakverifier.testing.Leaks;
import org.testng.annotations.Test;

/** Clean runs, and one with a leak. */
public final class BlindSpotSamples {
  private BlindSpotSamples() {}

  public static void main(String[] args) {
    BlindSpot.make(args);
    for (int i = 0; i < 2; i++) {
      if (NestedRun.of(Clean.class).run().failed().isEmpty()) {
        System.out.print(BlindSpot.CLEAN);
      }
    }
    System.out.print(NestedRun.of(Leaking.class).run().error("leaks").getMessage());
    Leaks.endAll();
  }

  public static class Clean {
    @Test
    public void leaksNothing() {}
  }

  public static class Leaking {
    @Test
    public void leaks() {
      Leaks.leave("left");
    }
  }
}
