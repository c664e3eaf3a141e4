package dev.leakverifier.junit4;

import static org.junit.Assume.assumeTrue;

import dev.leakverifier.testing.BlindSpot;
import dev.leakverifier.testing.ThreadForm;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;

/** A verdict that could not look says so where people see it. */
@RunWith(Parameterized.class)
public class BlindSpotTest {
  @Parameter public BlindSpot spot = BlindSpot.VIRTUAL_THREADS;

  @Parameters(name = "{0}")
  public static BlindSpot[] all() {
    return BlindSpot.values();
  }

  @Before
  public void needsVirtualThreads() {
    assumeTrue(ThreadForm.WHY_NOT, ThreadForm.VIRTUAL.isThere());
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
