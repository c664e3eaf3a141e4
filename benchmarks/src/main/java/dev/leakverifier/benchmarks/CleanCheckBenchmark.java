package dev.leakverifier.benchmarks;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.LeakReport;
import dev.leakverifier.LeakScope;
import dev.leakverifier.LeakVerifier;
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
 * What does a check cost that finds nothing, beside the two ways in which a JVM can list its
 * threads?
 *
 * <pre>{@code
 * mvn -Pbenchmark verify -Dbenchmark=CleanCheckBenchmark
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CleanCheckBenchmark {
  private static final long STACK_BYTES = 128 * 1024;

  /** How many threads were alive before the scope was opened, and still are. */
  @Param({"10", "100", "1000", "10000"})
  public int baseline;

  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private ThreadGroup root = Thread.currentThread().getThreadGroup();
  private Thread[] listing = {};
  private LeakScope scope = LeakVerifier.scope();

  @Setup
  public void startThreads() {
    for (int i = 0; i < baseline; i++) {
      Thread thread =
          new Thread(
              null, () -> Uninterruptibles.awaitUninterruptibly(released), "t" + i, STACK_BYTES);
      thread.start();
      threads.add(thread);
    }
    while (root.getParent() != null) {
      root = root.getParent();
    }
    listing = new Thread[2 * root.activeCount()];
    scope.rebase();
  }

  @TearDown
  public void endThreads() {
    released.countDown();
    threads.forEach(Uninterruptibles::joinUninterruptibly);
  }

  @Benchmark
  public LeakReport cleanCheck() {
    return scope.check();
  }

  @Benchmark
  public int bareEnumerate() {
    return root.enumerate(listing, true);
  }

  @Benchmark
  public Map<Thread, StackTraceElement[]> bareGetAllStackTraces() {
    return Thread.getAllStackTraces();
  }
}
