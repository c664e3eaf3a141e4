package dev.leakverifier.dump;

import dev.leakverifier.thread.ThreadSample;
import java.util.Optional;

/**
 * What a thread waits for.
 *
 * @param holder the thread that holds the lock, if the dump tells. Of what threads park for, a dump
 *     only tells it if it was taken with {@code -l}, or finds a deadlock itself, or comes from JDK
 *     26 or newer.
 */
public record LockWait(Kind kind, DumpedLock lock, Optional<ThreadSample> holder) {
  /** How a thread waits. */
  public enum Kind {
    /** It wants to enter a monitor, for the first time or after {@code Object.wait}. */
    ENTER,
    /** It is in {@code Object.wait}, until another thread notifies it. */
    NOTIFICATION,
    /** It is parked, e.g. in {@code Lock.lock} or {@code BlockingQueue.take}. */
    PARK
  }
}
