package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.blame.Timeline;
import dev.leakverifier.blame.Window;
import dev.leakverifier.check.Check;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.ClassPath;
import dev.leakverifier.testing.ForkedJvm;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testng.annotations.Test;

/** What is kept of 100,000 tests once they are over: nothing but a bounded timeline. */
public class LongRunTest {
  private static final int TESTS = 100_000;
  private static final long MEBIBYTE = 1 << 20;

  private record Window(String describe) implements LeakWatch.Window {
    @Override
    public Optional<List<LeakOption>> options() {
      return Optional.of(List.of(LeakVerifier.maxWait(Duration.ZERO)));
    }
  }

  /**
   * In a JVM of its own: what other tests have left would be measured, too, and once there was a
   * virtual thread, each of so many notes would look for more.
   */
  @Test
  public void keepsTheHeapAsItIsHoweverManyTestsThereAre() throws Exception {
    ForkedJvm.Ended ended = ForkedJvm.run(ClassPath.ofTests(), List.of(), Growth.class);

    assertWithMessage(ended.err()).that(ended.exitCode()).isEqualTo(0);
    assertThat(Long.parseLong(ended.out().strip())).isLessThan(MEBIBYTE);
  }

  /** Prints by how many bytes the heap has grown. */
  public static final class Growth {
    private Growth() {}

    /** Runs all tests. */
    public static void main(String[] args) {
      try (LeakWatch<Window> watch = new LeakWatch<>(Check.JVM, Timeline.JVM, List.of())) {
        watch.use(
            LeakConfiguration.load(
                "parameter",
                Map.of("leak.reportDir", "target/no-such-report", "leak.origins", "false")));
        run(watch, TESTS / 10);
        long before = usedHeap();

        run(watch, TESTS);

        System.out.println(usedHeap() - before);
        var unused = watch.judge(any -> true); // so that the watch itself was alive until here
      }
    }
  }

  @Test
  public void keepsNoThreadOfATestThatIsOver() {
    try (LeakWatch<Window> watch = new LeakWatch<>(Check.JVM, Timeline.JVM, List.of())) {
      WeakReference<Thread> ended = endedThreadOf(watch);
      run(watch, 10);

      while (ended.get() != null) { // a test that waits for ever fails by the limit of the build
        System.gc();
      }
      assertThat(watch.judge(any -> true)).isEmpty();
    }
  }

  private static WeakReference<Thread> endedThreadOf(LeakWatch<Window> watch) {
    Window window = new Window("leaves a thread");
    watch.opened(window);
    try (BlockedThread left = BlockedThread.start("left")) {
      watch.appearedIn(window);
      assertThat(watch.judge(any -> true)).hasSize(1);
      return new WeakReference<>(left.thread());
    }
  }

  /** Every tenth test leaves a thread that ends soon, as a pool does that was just shut down. */
  private static void run(LeakWatch<Window> watch, int tests) {
    for (int i = 0; i < tests; i++) {
      Window window = new Window("test " + i);
      watch.opened(window);
      Thread thread = new Thread(() -> {});
      if (i % 10 == 0) {
        thread.start();
      }
      watch.appearedIn(window);
      Uninterruptibles.joinUninterruptibly(thread);
      assertThat(watch.judge(any -> true)).isEmpty();
    }
  }

  private static long usedHeap() {
    Runtime runtime = Runtime.getRuntime();
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) { // what a cleaner frees counts only the next time
      System.gc();
      used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
    }
    return used;
  }
}
