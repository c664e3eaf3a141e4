package dev.leakverifier.thread;

import java.util.Optional;

/**
 * Who holds what a thread belongs to, as a dump of the heap showed it.
 *
 * @param words what a report says after {@code held by}
 * @param field where the pool, timer or other owner stands: {@code Orders.sender}; empty if it
 *     stands in no field that a user would know
 * @param type the simple name of what stands there, or of what is held: {@code Timer}; empty if
 *     nobody holds it
 */
public record ThreadHolder(String words, Optional<String> field, String type) {
  /** Nobody, in those words. */
  public static ThreadHolder nobody(String words) {
    return new ThreadHolder(words, Optional.empty(), "");
  }

  /** As a fix names it: {@code Orders.sender (ScheduledThreadPoolExecutor)}. */
  public Optional<String> object() {
    return field.map(name -> name + " (" + type + ")");
  }

  /** The same, of a thread that looks like another one, of which the heap was asked. */
  public ThreadHolder ofEqual() {
    return new ThreadHolder(
        words + ", as an equal thread was that leaked before", Optional.empty(), type);
  }
}
