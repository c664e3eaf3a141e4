package dev.leakverifier.diagnosis;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.thread.Samples;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Nobody can shut the common pool down, so no fix says so. */
public class CommonPoolTest {
  private static final String RUN = "java.base/java.util.concurrent.ForkJoinPool.runWorker:1";

  @DataProvider
  Object[][] stacks() {
    return new Object[][] {
      {new String[] {"java.base/java.util.concurrent.ForkJoinPool.awaitWork:1", RUN}},
      {
        new String[] {
          "com.acme.Orders.take:7", "java.base/java.util.concurrent.ForkJoinTask.doExec:1", RUN
        }
      },
    };
  }

  @Test(dataProvider = "stacks")
  public void onlyAPoolOfTheUsersIsToBeShutDown(String[] stack) {
    assertThat(fix(/* isCommon= */ true, stack)).doesNotContainMatch("shutdown|close\\(\\)");
    assertThat(fix(/* isCommon= */ false, stack)).contains("on the ForkJoinPool");
  }

  private static String fix(boolean isCommon, String[] stack) {
    Observation seen =
        Observation.of(
            Samples.of("worker", Thread.State.WAITING, stack).toBuilder()
                .commonPoolWorker(isCommon)
                .build());
    return LeakGroup.of(List.of(seen)).get(0).diagnosis().fix();
  }
}
