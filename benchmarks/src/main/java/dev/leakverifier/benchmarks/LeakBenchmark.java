package dev.leakverifier.benchmarks;

import com.google.common.base.Splitter;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.LeakReport;
import dev.leakverifier.LeakScope;
import dev.leakverifier.LeakVerifier;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * What does it cost to find and report leaks, of which there may be many, among many live threads?
 *
 * <pre>{@code
 * mvn -Pbenchmark verify -Dbenchmark=LeakBenchmark -Djmh.options="-prof gc"
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class LeakBenchmark {
  private static final long STACK_BYTES = 128 * 1024;
  private static final int DEPTHS = 20;

  /** How many threads were alive before the scope was opened, and how many are leaked. */
  @Param({"10000/0", "10000/1", "10/1000", "10/10000"})
  public String threads = "10/0";

  private final List<Thread> started = new ArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private LeakScope scope = LeakVerifier.scope();
  private LeakScope clean = LeakVerifier.scope();

  @Setup(Level.Trial)
  public void startThreads() {
    List<String> counts = Splitter.on('/').splitToList(threads);
    start(Integer.parseInt(counts.get(0)));
    scope = LeakVerifier.scope(LeakVerifier.maxWait(Duration.ZERO));
    start(Integer.parseInt(counts.get(1)));
    clean = LeakVerifier.scope();
  }

  private void start(int count) {
    for (int i = 0; i < count; i++) {
      int depth = i % DEPTHS;
      Thread thread = new Thread(null, () -> block(depth), "t" + i, STACK_BYTES);
      thread.start();
      started.add(thread);
    }
    for (Thread thread : started) {
      while (thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
  }

  /** Makes as many different stacks as there are depths. */
  private void block(int depth) {
    if (depth > 0) {
      block(depth - 1);
    } else {
      Uninterruptibles.awaitUninterruptibly(released);
    }
  }

  @TearDown(Level.Trial)
  public void endThreads() {
    released.countDown();
    started.forEach(Uninterruptibles::joinUninterruptibly);
  }

  @Benchmark
  public LeakReport check() {
    return scope.check();
  }

  @Benchmark
  public String report() {
    return scope.check().toString();
  }

  /**
   * A report, in turn with what one among many may cost at most: 20 checks that find nothing, and a
   * bare stack. All run as cold as the stop for a stack leaves the caches.
   */
  @Benchmark
  public void reportToGoal(Turns turns) throws Exception {
    turns.take(
        this::report,
        () -> {
          for (int i = 0; i < 20; i++) {
            clean.check();
          }
          return bareStack();
        });
  }

  /** The stack of one thread, which any detector has to read at least. */
  @Benchmark
  public ThreadInfo bareStack() {
    return ManagementFactory.getThreadMXBean()
        .getThreadInfo(started.get(started.size() - 1).getId(), Integer.MAX_VALUE);
  }
}
