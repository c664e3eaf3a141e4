package dev.leakverifier.benchmarks;

import dev.leakverifier.LeakVerifier;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to record who starts a thread?
 *
 * <pre>{@code
 * mvn -Pbenchmark verify -Dbenchmark=ThreadStartBenchmark
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class ThreadStartBenchmark {
  /** Whether origins are recorded. */
  @Param({"false", "true"})
  public boolean origins;

  @Setup
  public void startRecording() {
    if (origins) {
      LeakVerifier.recordOrigins();
    }
  }

  /** A thread that does nothing, started and joined. */
  @Benchmark
  public Thread startAndJoin() throws InterruptedException {
    Thread thread = new Thread(() -> {});
    thread.start();
    thread.join();
    return thread;
  }
}
