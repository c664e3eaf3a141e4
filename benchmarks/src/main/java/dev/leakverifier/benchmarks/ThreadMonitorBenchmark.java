package dev.leakverifier.benchmarks;

import static java.util.Objects.requireNonNull;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.monitor.LookByHand;
import dev.leakverifier.monitor.ThreadGrowth;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
 * What does one look of a monitor cost, of which there is one each ten seconds, where nothing
 * grows? A thousandth of a core would be 10,000 us.
 *
 * <pre>{@code
 * mvn -Pbenchmark verify -Dbenchmark=ThreadMonitorBenchmark
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ThreadMonitorBenchmark {
  private static final long STACK_BYTES = 128 * 1024;

  /** How many threads were alive before the monitor was started, and still are. */
  @Param({"10", "1000", "10000"})
  public int baseline;

  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private @Nullable LookByHand monitor;

  @Setup
  public void startThreads() {
    for (int i = 0; i < baseline; i++) {
      Thread thread =
          new Thread(
              null, () -> Uninterruptibles.awaitUninterruptibly(released), "t" + i, STACK_BYTES);
      thread.start();
      threads.add(thread);
    }
    monitor = new LookByHand();
  }

  @TearDown
  public void endThreads() {
    requireNonNull(monitor).close();
    released.countDown();
    threads.forEach(Uninterruptibles::joinUninterruptibly);
  }

  @Benchmark
  public ThreadGrowth cleanLook() {
    return requireNonNull(monitor).look();
  }
}
