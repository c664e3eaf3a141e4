package com.acme;

import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.LeakReport;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.testing.ClassPath;
import dev.leakverifier.testing.ForkedJvm;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.testng.SkipException;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The heap is read whichever collector lays it out, and however wide a reference is. */
public class HeapOfEachCollectorTest {
  private static final ImmutableList<String> SMALL =
      ImmutableList.of("-Xmx256m", "-Dleak.heap=auto");

  @DataProvider
  Object[][] layouts() {
    return new Object[][] {
      {"-XX:+UseSerialGC"},
      {"-XX:+UseParallelGC"},
      {"-XX:+UseG1GC"},
      {"-XX:+UseZGC"},
      {"-XX:+UseShenandoahGC"},
      {"-XX:-UseCompressedOops"},
      {"-XX:+UseCompactObjectHeaders"},
    };
  }

  @Test(dataProvider = "layouts")
  public void tellsWhoHoldsAPool(String layout) throws Exception {
    List<String> options = ImmutableList.<String>builder().addAll(SMALL).add(layout).build();
    if (ForkedJvm.run(ClassPath.ofTests(), options, Nothing.class).exitCode() != 0) {
      throw new SkipException("this JVM has no " + layout);
    }

    ForkedJvm.Ended ended = ForkedJvm.run(ClassPath.ofTests(), options, LeavesAPool.class);

    assertWithMessage(ended.err())
        .that(ended.out())
        .isEqualTo(
            "held by static com.acme.HeapOfEachCollectorTest$LeavesAPool.pool (ThreadPoolExecutor)"
                + System.lineSeparator());
  }

  /** Shows whether a JVM with these options is to be had. */
  public static final class Nothing {
    private Nothing() {}

    /** Does nothing. */
    public static void main(String[] args) {}
  }

  /** Prints who holds the only thread that it leaves. */
  public static final class LeavesAPool {
    private static ExecutorService pool;

    private LeavesAPool() {}

    /** Leaves a worker. */
    public static void main(String[] args) {
      pool = Executors.newFixedThreadPool(1);
      pool.execute(() -> {});
      LeakReport report = LeakVerifier.find(LeakVerifier.maxWait(Duration.ZERO));
      for (ThreadSample left : report.threads()) {
        System.out.println("held by " + left.heldBy().orElse("?"));
      }
      pool.shutdown();
    }
  }
}
