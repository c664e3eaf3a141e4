package dev.leakverifier.testng;

import dev.leakverifier.testing.BlindSpot;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A verdict that could not look says so where people see it. */
public class BlindSpotTest {
  @DataProvider
  Object[] all() {
    return BlindSpot.ofThisJdk();
  }

  @Test(dataProvider = "all")
  public void isSaidByTheListener(BlindSpot spot) throws Exception {
    spot.assertIsSaidOnce(BlindSpotSamples.class);
  }
}
