package dev.leakverifier.dump;

import java.util.List;

/**
 * Threads that wait for each other for ever.
 *
 * @param threads in the order of their waiting: each waits for a lock that the next one holds, and
 *     the last one for a lock of the first
 */
public record Deadlock(List<DumpedThread> threads) {
  public Deadlock {
    threads = List.copyOf(threads);
  }
}
