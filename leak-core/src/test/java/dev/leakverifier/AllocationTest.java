package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.io.Closer;
import com.sun.management.ThreadMXBean;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.thread.LiveThreads;
import java.lang.management.ManagementFactory;
import org.testng.annotations.Test;

/**
 * What a check allocates beside the listing of the live threads does not grow with their number.
 */
public class AllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 50;
  private static final int BASELINE = 1_000;

  /** Half of what an array of references to the live threads needs. */
  private static final long BYTES = 2 * BASELINE;

  @Test
  public void doesNotGrowWithTheBaseline() throws Exception {
    try (Closer threads = Closer.create()) {
      for (int i = 0; i < BASELINE; i++) {
        threads.register(BlockedThread.start("baseline")::close);
      }
      LeakScope scope = LeakVerifier.scope();

      long listing = bytes(() -> LiveThreads.JVM.list());
      assertThat(listing).isGreaterThan(4L * BASELINE);
      assertThat(bytes(scope::check) - listing).isLessThan(BYTES);
      assertThat(bytes(scope::rebase) - listing).isLessThan(BYTES);
      assertThat(bytes(LeakVerifier::scope) - listing).isLessThan(BYTES);
    }
  }

  /** The fewest bytes of many rounds, since a thread elsewhere in this JVM may come or go. */
  private static long bytes(Runnable action) {
    long fewest = Long.MAX_VALUE;
    for (int i = 0; i < ROUNDS; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      action.run();
      fewest = Math.min(fewest, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return fewest;
  }
}
