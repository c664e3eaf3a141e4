package dev.leakverifier.benchmarks;

import com.google.common.math.Quantiles;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Two operations in turn in one JVM: how many times as long as the other does one take?
 *
 * <p>JMH measures each benchmark in a JVM of its own, or at least at another time; on a busy
 * machine two equal ones then differ by a quarter. In turn, both have the same to bear. Where even
 * that is too noisy, the CPU time of the calling thread tells more. {@link Figures} tells the
 * median of the iterations; JMH itself adds them up.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Turns {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final List<Double> ratios = new ArrayList<>();
  private final List<Double> cpuRatios = new ArrayList<>();
  private boolean reversed;

  @Setup(Level.Iteration)
  public void startAnew() {
    ratios.clear();
    cpuRatios.clear();
  }

  /** Of the time: the median of an iteration. */
  public double ratio() {
    return Quantiles.median().compute(ratios);
  }

  /** Of the CPU time of the calling thread: the median of an iteration. */
  public double cpuRatio() {
    return Quantiles.median().compute(cpuRatios);
  }

  /** Takes the time of each; every other time {@code bare} comes first. */
  void take(Callable<?> measured, Callable<?> bare) throws Exception {
    Cost numerator;
    Cost denominator;
    reversed = !reversed;
    if (reversed) {
      denominator = cost(bare);
      numerator = cost(measured);
    } else {
      numerator = cost(measured);
      denominator = cost(bare);
    }
    ratios.add(numerator.nanos / denominator.nanos);
    cpuRatios.add(numerator.cpuNanos / denominator.cpuNanos);
  }

  private record Cost(double nanos, double cpuNanos) {}

  private static Cost cost(Callable<?> operation) throws Exception {
    long cpu = THREADS.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    operation.call();
    long end = System.nanoTime();
    return new Cost(end - start, THREADS.getCurrentThreadCpuTime() - cpu);
  }
}
