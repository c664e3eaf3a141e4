package dev.leakverifier.comparison;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What projects write for themselves: which threads are there that were not there before, except
 * for names that have turned up in the past.
 */
abstract class ByHand implements BeforeEachCallback, AfterEachCallback {
  private static final List<String> NAMES =
      List.of(
          "ForkJoinPool",
          "process reaper",
          "Attach Listener",
          "RMI",
          "junit-",
          "parallel-",
          "HttpClient-");

  private final Duration patience;
  private Set<Thread> before = Set.of();

  private ByHand(Duration patience) {
    this.patience = patience;
  }

  static final class Once extends ByHand {
    Once() {
      super(Duration.ZERO);
    }
  }

  static final class Waiting extends ByHand {
    Waiting() {
      super(Duration.ofSeconds(1));
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    before = live();
  }

  @Override
  public void afterEach(ExtensionContext context) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    Set<Thread> left = left();
    while (!left.isEmpty() && System.nanoTime() - deadline < 0) {
      Thread.sleep(10);
      left = left();
    }
    if (!left.isEmpty()) {
      throw new AssertionError("threads left: " + left);
    }
  }

  private Set<Thread> left() {
    Set<Thread> left = live();
    left.removeAll(before);
    left.removeIf(thread -> NAMES.stream().anyMatch(thread.getName()::startsWith));
    return left;
  }

  private static Set<Thread> live() {
    return new HashSet<>(Thread.getAllStackTraces().keySet());
  }
}
