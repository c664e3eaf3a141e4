package dev.leakverifier.benchmarks;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.LeakReport;
import dev.leakverifier.LeakScope;
import dev.leakverifier.LeakVerifier;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private Set<Thread> before = ImmutableSet.of();
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
    before = ImmutableSet.copyOf(Thread.getAllStackTraces().keySet());
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
  public LeakScope openScope() {
    return LeakVerifier.scope();
  }

  @Benchmark
  public int bareEnumerate() {
    return root.enumerate(listing, true);
  }

  @Benchmark
  public Map<Thread, StackTraceElement[]> bareGetAllStackTraces() {
    return Thread.getAllStackTraces();
  }

  /** What home-made detectors do. */
  @Benchmark
  public Set<Thread> differenceOfAllStackTraces() {
    return Sets.difference(Thread.getAllStackTraces().keySet(), before).immutableCopy();
  }

  @Benchmark
  public ThreadInfo[] dumpAllThreads() {
    return ManagementFactory.getThreadMXBean().dumpAllThreads(true, true);
  }

  /** The calls of randomizedtesting's {@code ThreadLeakControl.getThreads} and its difference. */
  @Benchmark
  public Set<Thread> countEnumerateAndSubtract() {
    Thread[] list;
    int count;
    do {
      list = new Thread[root.activeCount() + 10];
      count = root.enumerate(list, true);
    } while (count == list.length);
    Set<Thread> threads = new HashSet<>(Arrays.asList(list).subList(0, count));
    threads.removeAll(before);
    return threads;
  }
}
