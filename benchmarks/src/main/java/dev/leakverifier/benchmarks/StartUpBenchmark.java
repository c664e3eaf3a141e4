package dev.leakverifier.benchmarks;

import dev.leakverifier.LeakReport;
import dev.leakverifier.LeakVerifier;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does the first use cost in a fresh JVM, class loading included?
 *
 * <pre>{@code
 * mvn -Pbenchmark verify -Dbenchmark=StartUpBenchmark
 * }</pre>
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(20)
public class StartUpBenchmark {
  @Benchmark
  public LeakReport firstScopeAndCheck() {
    return LeakVerifier.scope().check();
  }

  @Benchmark
  public LeakReport firstFind() {
    return LeakVerifier.find();
  }
}
