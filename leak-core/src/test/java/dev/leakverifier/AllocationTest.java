package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.io.Closer;
import com.sun.management.ThreadMXBean;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.jvm.ThreadSource;
import dev.leakverifier.testing.BlockedThread;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.Consumer;
import org.testng.annotations.Test;

/**
 * What a check allocates beside the listing of the live threads does not grow with their number.
 */
public class AllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** A thread dump, which virtual threads of other tests would cost, takes megabytes. */
  private static final ThreadSource PLATFORM_ONLY = LiveThreads.JVM.platformOnly();

  private static final int ROUNDS = 50;
  private static final int BASELINE = 1_000;

  /** Half of what an array of references to the live threads needs. */
  private static final long BYTES = 2 * BASELINE;

  private static final int LEAKED = 1_000;

  /** 10,000 threads may take 100 MiB at most; half of that leaves room for deeper stacks. */
  private static final long BYTES_PER_LEAK = 5_000;

  @Test
  public void doesNotGrowWithTheBaseline() throws Exception {
    try (Closer threads = Closer.create()) {
      for (int i = 0; i < BASELINE; i++) {
        threads.register(BlockedThread.start("baseline")::close);
      }

      long listing = bytes(scope -> PLATFORM_ONLY.list());
      assertThat(listing).isGreaterThan(4L * BASELINE);
      assertThat(bytes(LeakScope::check) - listing).isLessThan(BYTES);
      assertThat(bytes(LeakScope::rebase) - listing).isLessThan(BYTES);
      assertThat(bytes(scope -> newScope()) - listing).isLessThan(BYTES);
    }
  }

  /** Of which most is the JVM's own: it makes an object for each frame. */
  @Test
  public void takesFewBytesForEachOfManyEqualLeaks() throws Exception {
    LeakScope scope =
        LeakVerifier.scope(LeakVerifier.virtualThreads(false), LeakVerifier.maxWait(Duration.ZERO));
    try (Closer threads = Closer.create()) {
      for (int i = 0; i < LEAKED; i++) {
        threads.register(BlockedThread.start("leaked-" + i)::close);
      }
      long fewest = Long.MAX_VALUE;
      for (int i = 0; i < 5; i++) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        assertThat(scope.check().toString()).contains("leaked-0");
        fewest = Math.min(fewest, THREADS.getCurrentThreadAllocatedBytes() - before);
      }
      assertThat(fewest / LEAKED).isLessThan(BYTES_PER_LEAK);
    }
  }

  private static LeakScope newScope() {
    return LeakVerifier.scope(LeakVerifier.virtualThreads(false));
  }

  /**
   * The fewest bytes of many rounds, each with a new scope, since a thread elsewhere in this JVM
   * may come, and may stay.
   */
  private static long bytes(Consumer<LeakScope> action) {
    long fewest = Long.MAX_VALUE;
    for (int i = 0; i < ROUNDS; i++) {
      LeakScope scope = newScope();
      long before = THREADS.getCurrentThreadAllocatedBytes();
      action.accept(scope);
      fewest = Math.min(fewest, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return fewest;
  }
}
