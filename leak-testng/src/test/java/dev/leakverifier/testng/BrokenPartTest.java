package dev.leakverifier.testng;

import dev.leakverifier.testing.BrokenPart;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What goes wrong while a report is made costs a part of it, and changes no verdict. */
public class BrokenPartTest {
  @DataProvider
  Object[] all() {
    return BrokenPart.values();
  }

  @Test(dataProvider = "all")
  public void changesNoVerdictOfTheListener(BrokenPart part) throws Exception {
    part.assertCostsItselfOnly(BrokenPartSamples.Run.class, List.of("leaks"), List.of("leaks"));
  }
}
