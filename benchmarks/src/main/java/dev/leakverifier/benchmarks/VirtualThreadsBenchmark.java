package dev.leakverifier.benchmarks;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.LeakReport;
import dev.leakverifier.LeakScope;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.profile.ThreadProfile;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * What do a clean check and a profile cost where virtual threads live, beside the bare thread dump
 * that each needs? The last two tell how many times as long they take, in {@link Turns} with it.
 *
 * <pre>{@code
 * mvn -Pbenchmark verify -Dbenchmark=VirtualThreadsBenchmark
 * }</pre>
 *
 * <p>Needs JDK 21 or newer; on an older one it stops at once and says so.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(1)
public class VirtualThreadsBenchmark {
  private static final String BEAN = "com.sun.management.HotSpotDiagnosticMXBean";

  /** How many virtual threads were parked before the scope was opened, and still are. */
  @Param({"10", "1000", "10000", "100000"})
  public int virtual;

  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private LeakScope scope = LeakVerifier.scope();
  private @Nullable BareDump dump;

  @Setup
  public void startThreads() throws ReflectiveOperationException, IOException {
    Method start;
    try {
      start = Thread.class.getMethod("startVirtualThread", Runnable.class);
    } catch (NoSuchMethodException e) {
      throw new UnsupportedOperationException(
          "VirtualThreadsBenchmark needs JDK 21 or newer, this is " + Runtime.version(), e);
    }
    dump = new BareDump();
    Runnable body = () -> Uninterruptibles.awaitUninterruptibly(released);
    for (int i = 0; i < virtual; i++) {
      threads.add((Thread) start.invoke(null, body));
    }
    for (Thread thread : threads) {
      while (thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
    scope.rebase();
  }

  @TearDown
  public void endThreads() {
    released.countDown();
    threads.forEach(Uninterruptibles::joinUninterruptibly);
  }

  @Benchmark
  public LeakReport cleanCheck() {
    LeakReport report = scope.check();
    if (!report.toString().equals("no thread leaked")) {
      throw new AssertionError(report.toString());
    }
    return report;
  }

  @Benchmark
  public ThreadProfile captureProfile() {
    return ThreadProfile.capture();
  }

  @Benchmark
  public Path bareDumpThreads() throws ReflectiveOperationException, IOException {
    if (dump == null) {
      throw new IllegalStateException("not set up");
    }
    return dump.write();
  }

  @Benchmark
  public void cleanCheckToBareDump(Turns turns) throws Exception {
    turns.take(this::cleanCheck, this::bareDumpThreads);
  }

  @Benchmark
  public void captureToBareDump(Turns turns) throws Exception {
    turns.take(this::captureProfile, this::bareDumpThreads);
  }

  /**
   * Writes a thread dump to a new file, and deletes it: {@code dumpThreads} takes no file that is
   * there already.
   */
  private static final class BareDump {
    private final Class<? extends PlatformManagedObject> type =
        Class.forName(BEAN).asSubclass(PlatformManagedObject.class);
    private final Class<?> format = Class.forName(BEAN + "$ThreadDumpFormat");
    private final Object json = format.getField("JSON").get(null);
    private final Object bean = ManagementFactory.getPlatformMXBean(type);
    private final Method dumpThreads = type.getMethod("dumpThreads", String.class, format);
    private final Path file = Files.createTempDirectory("benchmark").resolve("threads.json");

    BareDump() throws ReflectiveOperationException, IOException {}

    Path write() throws ReflectiveOperationException, IOException {
      dumpThreads.invoke(bean, file.toString(), json);
      Files.delete(file);
      return file;
    }
  }
}
