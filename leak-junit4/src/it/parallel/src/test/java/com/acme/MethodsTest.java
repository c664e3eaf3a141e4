package com.acme;

import dev.leakverifier.junit4.LeakVerifierRule;
import java.util.concurrent.CyclicBarrier;
import org.junit.Rule;
import org.junit.Test;

public class MethodsTest {
  private static final CyclicBarrier ALL_RUN = new CyclicBarrier(3);
  private static final CyclicBarrier LEFT = new CyclicBarrier(3);

  @Rule(order = Integer.MIN_VALUE)
  public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone();

  @Test
  public void forgets() throws Exception {
    Meeting.at(ALL_RUN);
    Meeting.leave("forgotten");
    Meeting.at(LEFT);
  }

  @Test
  public void runsBeside() throws Exception {
    Meeting.at(ALL_RUN);
    Meeting.at(LEFT);
  }

  @Test
  public void runsBesideToo() throws Exception {
    Meeting.at(ALL_RUN);
    Meeting.at(LEFT);
  }
}
