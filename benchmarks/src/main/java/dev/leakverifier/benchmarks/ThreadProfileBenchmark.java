package dev.leakverifier.benchmarks;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.profile.ThreadProfile;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does a profile of a service cost, beside the JDK's ways to read all stacks, and what its
 * groups on top of that? For virtual threads see {@link VirtualThreadsBenchmark}.
 *
 * <pre>{@code
 * mvn -Pbenchmark verify -Dbenchmark=ThreadProfileBenchmark
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 10, time = 2)
@Fork(1)
public class ThreadProfileBenchmark {
  private static final long STACK_BYTES = 128 * 1024;
  private static final int DEPTHS = 20;

  /** How many platform threads wait, with stacks of 20 different depths. */
  @Param({"1000", "10000"})
  public int live;

  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);

  @Setup
  public void startThreads() {
    for (int i = 0; i < live; i++) {
      int depth = i % DEPTHS;
      Thread thread = new Thread(null, () -> block(depth), "worker-" + i, STACK_BYTES);
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      while (thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
  }

  private void block(int depth) {
    if (depth > 0) {
      block(depth - 1);
    } else {
      Uninterruptibles.awaitUninterruptibly(released);
    }
  }

  @TearDown
  public void endThreads() {
    released.countDown();
    threads.forEach(Uninterruptibles::joinUninterruptibly);
  }

  @Benchmark
  public ThreadProfile capture() {
    return ThreadProfile.capture();
  }

  @Benchmark
  public String captureAndText() {
    return ThreadProfile.capture().toText();
  }

  @Benchmark
  public Map<Thread, StackTraceElement[]> bareGetAllStackTraces() {
    return Thread.getAllStackTraces();
  }

  @Benchmark
  public ThreadInfo[] bareDumpAllThreads() {
    return ManagementFactory.getThreadMXBean()
        .dumpAllThreads(/* lockedMonitors= */ false, /* lockedSynchronizers= */ false);
  }
}
