package dev.leakverifier.junit4;

import dev.leakverifier.testing.BrokenPart;
import java.util.List;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;

/** What goes wrong while a report is made costs a part of it, and changes no verdict. */
@RunWith(Parameterized.class)
public class BrokenPartTest {
  @Parameter public BrokenPart part = BrokenPart.TEXT;

  @Parameters(name = "{0}")
  public static BrokenPart[] all() {
    return BrokenPart.values();
  }

  @Test
  public void changesNoVerdictOfTheRuleAndTheRunListener() throws Exception {
    part.assertCostsItselfOnly(
        BrokenPartSamples.Run.class, List.of("leaks", "Test mechanism"), List.of("leaks", "leaks"));
  }
}
