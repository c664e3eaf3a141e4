package dev.leakverifier.jvm;

import java.util.List;
import java.util.Optional;
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

  /** The names of {@code threads}, but for those of virtual ones. */
  public static List<String> names(List<LiveThread> threads) {
    return threads.stream()
        .flatMap(thread -> Optional.ofNullable(thread.thread()).stream())
        .map(Thread::getName)
        .toList();
  }
}
