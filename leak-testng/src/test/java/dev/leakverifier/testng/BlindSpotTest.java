package dev.leakverifier.testng;

import dev.leakverifier.testing.BlindSpot;
import dev.leakverifier.testing.VirtualThreadTests;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A verdict that could not look says so where people see it. */
public class BlindSpotTest extends VirtualThreadTests {
  @DataProvider
  Object[] all() {
    return BlindSpot.values();
  }

  @Test(dataProvider = "all")
  public void isSaidByTheListener(BlindSpot spot) throws Exception {
    spot.assertIsSaidOnce(BlindSpotSamples.class);
  }
}
