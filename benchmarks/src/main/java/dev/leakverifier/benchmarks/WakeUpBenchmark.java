package dev.leakverifier.benchmarks;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.LeakReport;
import dev.leakverifier.LeakScope;
import dev.leakverifier.LeakVerifier;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * How soon after the end of the last suspect does a check return? Compare with the bare join, which
 * cannot be beaten, and with a detector that looks every 100 ms.
 *
 * <pre>{@code
 * mvn -Pbenchmark verify -Dbenchmark=WakeUpBenchmark
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 5)
@Fork(1)
public class WakeUpBenchmark {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final Duration POLL = Duration.ofMillis(100);

  /** How long the suspect still lives, in milliseconds. */
  @Param({"1", "10", "100", "500"})
  public int lifetime;

  private final LeakScope scope = LeakVerifier.scope(LeakVerifier.maxWait(Duration.ofSeconds(5)));

  /** What the waiting thread costs while it waits. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Waiting {
    private long waited;
    private long cpu;

    @Setup(Level.Iteration)
    public void startAnew() {
      waited = 0;
      cpu = 0;
    }

    /** The part of the time that the waiting thread ran. */
    public double cpuPercent() {
      return 100.0 * cpu / waited;
    }
  }

  @Benchmark
  public LeakReport check(Waiting waiting) {
    start();
    long cpu = THREADS.getCurrentThreadCpuTime();
    long begin = System.nanoTime();
    LeakReport report = scope.check();
    waiting.waited += System.nanoTime() - begin;
    waiting.cpu += THREADS.getCurrentThreadCpuTime() - cpu;
    if (!report.isEmpty()) {
      throw new AssertionError(report.toString());
    }
    return report;
  }

  @Benchmark
  public void bareJoin() throws InterruptedException {
    start().join();
  }

  @Benchmark
  public void pollingEvery100Millis() {
    Thread suspect = start();
    while (suspect.isAlive()) {
      Uninterruptibles.sleepUninterruptibly(POLL);
    }
  }

  private Thread start() {
    Thread thread =
        new Thread(() -> Uninterruptibles.sleepUninterruptibly(lifetime, TimeUnit.MILLISECONDS));
    thread.start();
    return thread;
  }
}
