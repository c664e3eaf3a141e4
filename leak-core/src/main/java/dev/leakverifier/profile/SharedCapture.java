package dev.leakverifier.profile;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives all who ask at about the same time the same profile, so that however many ask, the JVM's
 * threads are stopped for it once a second at most.
 */
final class SharedCapture {
  /** How long a profile is good enough for others. */
  static final Duration FRESH = Duration.ofSeconds(1);

  private final Supplier<ThreadProfile> capture;
  private final Ticker ticker;

  /** Held while a profile is captured: who comes meanwhile waits for it. */
  private final Lock lock = new ReentrantLock();

  private @Nullable ThreadProfile last;
  private long lastNanos;

  SharedCapture(Supplier<ThreadProfile> capture, Ticker ticker) {
    this.capture = capture;
    this.ticker = ticker;
  }

  /** A profile that was finished less than {@link #FRESH} ago. */
  ThreadProfile get() {
    lock.lock();
    try {
      ThreadProfile profile = last;
      if (profile == null || ticker.read() - lastNanos >= FRESH.toNanos()) {
        profile = capture.get();
        last = profile;
        lastNanos = ticker.read();
      }
      return profile;
    } finally {
      lock.unlock();
    }
  }
}
