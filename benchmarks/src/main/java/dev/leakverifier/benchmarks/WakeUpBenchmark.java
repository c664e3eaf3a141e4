package dev.leakverifier.benchmarks;

import com.google.common.math.Quantiles;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.LeakReport;
import dev.leakverifier.LeakScope;
import dev.leakverifier.LeakVerifier;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
 * How soon after the end of the last suspect does a check return ({@code lateMicros}), and how much
 * does the thread run that waits for it ({@code cpuPercent})? Compare with the bare join, which
 * cannot be beaten, with what a check cannot do without, and with a detector that looks every 100
 * ms.
 *
 * <pre>{@code
 * mvn -Pbenchmark verify -Dbenchmark=WakeUpBenchmark
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 1, time = 15)
@Fork(1)
public class WakeUpBenchmark {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final Duration POLL = Duration.ofMillis(100);

  /** How long the suspect still lives, in milliseconds. */
  @Param({"1", "10", "100", "500"})
  public int lifetime;

  private final LeakScope scope = LeakVerifier.scope(LeakVerifier.maxWait(Duration.ofSeconds(5)));

  private volatile long ended;

  /** What a wait was like. JMH adds these up over iterations, so there has to be one only. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Waiting {
    private final List<Long> late = new ArrayList<>();
    private long waited;
    private long cpu;

    @Setup(Level.Iteration)
    public void startAnew() {
      late.clear();
      waited = 0;
      cpu = 0;
    }

    /** The part of the time that the waiting thread ran. */
    public double cpuPercent() {
      return 100.0 * cpu / waited;
    }

    /** The time from the suspect's last action to the return, in microseconds: the median. */
    public double lateMicros() {
      return Quantiles.median().compute(late) / 1_000;
    }
  }

  private interface Wait {
    void untilEnded(Thread suspect) throws InterruptedException;
  }

  @Benchmark
  public void check(Waiting waiting) throws InterruptedException {
    measure(
        waiting,
        suspect -> {
          LeakReport report = scope.check();
          if (!report.isEmpty()) {
            throw new AssertionError(report.toString());
          }
        });
  }

  @Benchmark
  public void bareJoin(Waiting waiting) throws InterruptedException {
    measure(waiting, Thread::join);
  }

  /**
   * The least that a check must do if it is to tell threads that it excuses from leaks: list the
   * threads, before and after, and read one stack.
   */
  @Benchmark
  public void listLookAndJoin(Waiting waiting) throws InterruptedException {
    measure(
        waiting,
        suspect -> {
          ThreadGroup group = Thread.currentThread().getThreadGroup();
          Thread[] listing = new Thread[2 * group.activeCount()];
          group.enumerate(listing);
          THREADS.getThreadInfo(suspect.getId(), Integer.MAX_VALUE);
          suspect.join();
          group.enumerate(listing);
        });
  }

  @Benchmark
  public void pollingEvery100Millis(Waiting waiting) throws InterruptedException {
    measure(
        waiting,
        suspect -> {
          while (suspect.isAlive()) {
            Uninterruptibles.sleepUninterruptibly(POLL);
          }
        });
  }

  private void measure(Waiting waiting, Wait wait) throws InterruptedException {
    Thread suspect =
        new Thread(
            () -> {
              Uninterruptibles.sleepUninterruptibly(lifetime, TimeUnit.MILLISECONDS);
              ended = System.nanoTime();
            });
    suspect.start();
    long cpu = THREADS.getCurrentThreadCpuTime();
    long begin = System.nanoTime();
    wait.untilEnded(suspect);
    long end = System.nanoTime();
    waiting.waited += end - begin;
    waiting.late.add(end - ended);
    waiting.cpu += THREADS.getCurrentThreadCpuTime() - cpu;
  }
}
