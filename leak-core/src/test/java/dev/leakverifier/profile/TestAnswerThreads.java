package dev.leakverifier.profile;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** Real threads, and a time that passes when a test says so. */
final class TestAnswerThreads implements AnswerThreads {
  private final Consumer<Duration> passing;
  private final BlockingQueue<Runnable> held = new LinkedBlockingQueue<>();
  private final boolean holds;

  private TestAnswerThreads(Consumer<Duration> passing, boolean holds) {
    this.passing = passing;
    this.holds = holds;
  }

  /** Lets time pass at once, and tells which. */
  static TestAnswerThreads passing(Consumer<Duration> passing) {
    return new TestAnswerThreads(passing, /* holds= */ false);
  }

  /** Lets no time pass before {@link #release}. */
  static TestAnswerThreads holding() {
    return new TestAnswerThreads(time -> {}, /* holds= */ true);
  }

  @Override
  public void start(Runnable task) {
    REAL.start(task);
  }

  @Override
  public void runAfter(Duration time, Runnable task) {
    passing.accept(time);
    if (holds) {
      held.add(task);
    } else {
      task.run();
    }
  }

  /** Waits for {@code count} tasks whose time is to pass, and lets it. */
  void release(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      held.take().run();
    }
  }

  /** Waits until {@code count} tasks wait for their time. */
  void awaitHeld(int count) {
    while (held.size() < count) {
      Thread.onSpinWait();
    }
  }
}
