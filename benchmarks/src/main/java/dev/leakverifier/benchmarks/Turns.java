package dev.leakverifier.benchmarks;

import com.google.common.math.Quantiles;
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
 * machine two equal ones then differ by a quarter. In turn, both have the same to bear. {@link
 * Figures} tells the median of the iterations; JMH itself adds them up.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Turns {
  private final List<Double> ratios = new ArrayList<>();
  private boolean reversed;

  @Setup(Level.Iteration)
  public void startAnew() {
    ratios.clear();
  }

  /** The median of an iteration. */
  public double ratio() {
    return Quantiles.median().compute(ratios);
  }

  /** Takes the time of each; every other time {@code bare} comes first. */
  void take(Callable<?> measured, Callable<?> bare) throws Exception {
    double numerator;
    double denominator;
    reversed = !reversed;
    if (reversed) {
      denominator = nanos(bare);
      numerator = nanos(measured);
    } else {
      numerator = nanos(measured);
      denominator = nanos(bare);
    }
    ratios.add(numerator / denominator);
  }

  private static long nanos(Callable<?> operation) throws Exception {
    long start = System.nanoTime();
    operation.call();
    return System.nanoTime() - start;
  }
}
