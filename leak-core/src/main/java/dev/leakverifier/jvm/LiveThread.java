package dev.leakverifier.jvm;

import org.jspecify.annotations.Nullable;

/**
 * A thread that was alive when it was listed.
 *
 * @param thread its object; null for a virtual thread, which the JVM shows by id only
 */
public record LiveThread(long id, @Nullable Thread thread) {
  /** The platform thread {@code thread}. */
  public static LiveThread of(Thread thread) {
    return new LiveThread(ThreadIds.of(thread), thread);
  }
}
