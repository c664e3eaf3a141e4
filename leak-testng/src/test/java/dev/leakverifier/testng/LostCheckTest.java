package dev.leakverifier.testng;

import dev.leakverifier.testing.BrokenPart;
import dev.leakverifier.testing.LostCheckRun;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** An {@code Error} that ends a check fails what a leak would fail, and nothing else. */
public class LostCheckTest {
  @DataProvider
  Object[] all() {
    return LostCheckRun.values();
  }

  @Test(dataProvider = "all")
  public void failsTheTestUnlessLeaksOnlyWarn(LostCheckRun lost) throws Exception {
    lost.assertFailsOrWarns(Runs.class, "leaks", "leaks");
  }

  static final class Runs {
    public static void main(String[] args) {
      NestedRun.Outcome outcome = NestedRun.of(BrokenPartSamples.Leaking.class).run();
      outcome.passed().forEach(BrokenPart::passes);
      outcome.failed().forEach(test -> BrokenPart.fails(test, outcome.error(test)));
      System.out.flush();
      Runtime.getRuntime().halt(0); // a leak of the test is left
    }
  }
}
