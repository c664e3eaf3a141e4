package dev.leakverifier.dump;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.truth.Truth.assertWithMessage;

import dev.leakverifier.thread.Samples;
import java.util.Arrays;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class StackStatesTest {
  private static final String SUPPORT = "java.base/java.util.concurrent.locks.LockSupport.";

  @DataProvider
  Object[][] stacks() {
    return new Object[][] {
      {Thread.State.RUNNABLE, new String[] {}},
      {Thread.State.RUNNABLE, new String[] {"com.acme.Miner.dig"}},
      {Thread.State.WAITING, new String[] {"java.base/java.lang.Object.wait0"}},
      {Thread.State.WAITING, new String[] {"java.base/java.lang.VirtualThread.park"}},
      {Thread.State.WAITING, new String[] {"java.base/jdk.internal.misc.Unsafe.park"}},
      {
        Thread.State.WAITING,
        new String[] {"java.base/jdk.internal.misc.Unsafe.park", SUPPORT + "park"}
      },
      {
        Thread.State.TIMED_WAITING,
        new String[] {"java.base/jdk.internal.misc.Unsafe.park", SUPPORT + "parkNanos"}
      },
      {
        Thread.State.TIMED_WAITING,
        new String[] {"java.base/jdk.internal.misc.Unsafe.park", SUPPORT + "parkUntil"}
      },
      {Thread.State.TIMED_WAITING, new String[] {"java.base/java.lang.Thread.sleep0"}},
      {Thread.State.TIMED_WAITING, new String[] {"java.base/java.lang.VirtualThread.parkNanos"}},
    };
  }

  @Test(dataProvider = "stacks")
  public void tellsTheStateFromTheTop(Thread.State state, String[] stack) {
    assertWithMessage("%s", Arrays.asList(stack))
        .that(StackStates.of(Arrays.stream(stack).map(Samples::frame).collect(toImmutableList())))
        .isEqualTo(state);
  }
}
