package dev.leakverifier.junit4;

import dev.leakverifier.testing.BlindSpot;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;

/** A verdict that could not look says so where people see it. */
@RunWith(Parameterized.class)
public class BlindSpotTest {
  @Parameter public BlindSpot spot = BlindSpot.STARTERS;

  @Parameters(name = "{0}")
  public static BlindSpot[] all() {
    return BlindSpot.ofThisJdk();
  }

  @Test
  public void isSaidByTheRule() throws Exception {
    spot.assertIsSaidOnce(BlindSpotSamples.WithRule.class);
  }

  @Test
  public void isSaidByTheRunListener() throws Exception {
    spot.assertIsSaidOnce(BlindSpotSamples.WithRunListener.class);
  }
}
