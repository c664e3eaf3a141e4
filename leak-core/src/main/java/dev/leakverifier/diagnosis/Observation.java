package dev.leakverifier.diagnosis;

import dev.leakverifier.thread.LockHolders;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Everything that was seen of a leaked thread: what a diagnosis is made from. Public for the check,
 * the profile and the monitor, which all make groups of observations.
 *
 * @param thread what it looked like at last
 * @param watched what it did while the check waited for it to end
 * @param holders who holds the lock that it waits for, who holds the lock that this one waits for,
 *     and so on; if the thread itself is the last of them, that is a deadlock
 * @param awaited the name of the thread whose end it waits for in {@code Thread.join}
 */
public record Observation(
    ThreadSample thread, Watched watched, List<ThreadSample> holders, Optional<String> awaited) {
  /** Copies {@code holders}. */
  public Observation {
    holders = List.copyOf(holders);
  }

  /** What was seen of a thread that was looked at once. */
  public static Observation of(ThreadSample thread) {
    return new Observation(thread, Watched.ONCE, List.of(), Optional.empty());
  }

  /** The same, of which {@code sample} tells more. */
  public Observation with(ThreadSample sample) {
    return new Observation(sample, watched, holders, awaited);
  }

  /**
   * What was seen of all the threads that there were at one instant, in their order: among them are
   * those that hold the locks that others wait for.
   */
  public static List<Observation> ofAll(Collection<ThreadSample> threads) {
    LockHolders holders = LockHolders.among(threads);
    return threads.stream()
        .map(thread -> new Observation(thread, Watched.ONCE, holders.of(thread), Optional.empty()))
        .toList();
  }

  /**
   * What a thread did over some time.
   *
   * @param time from the first look to the last
   * @param looks how often it was looked at
   * @param running at how many looks it was runnable
   * @param moved whether it stood at different places outside the JDK
   * @param cpu the CPU time that it used meanwhile; empty if the JVM does not tell
   */
  public record Watched(
      Duration time, int looks, int running, boolean moved, Optional<Duration> cpu) {
    /** It was looked at once, so nothing can be said. */
    public static final Watched ONCE = new Watched(Duration.ZERO, 1, 0, false, Optional.empty());

    /** Whether it was runnable whenever it was looked at, and that was more than once. */
    boolean alwaysRan() {
      return looks > 1 && running == looks;
    }

    /** The part of the time in which it used a core, from 0 to 1; empty if that is not known. */
    Optional<Double> cpuShare() {
      return time.isZero()
          ? Optional.empty()
          : cpu.map(used -> Math.min(1, (double) used.toNanos() / time.toNanos()));
    }
  }

  /** Whether each waits for a lock that the next one holds, and the last for one of this thread. */
  boolean isDeadlock() {
    return !holders.isEmpty() && holders.get(holders.size() - 1).id() == thread.id();
  }

  StackShape shape() {
    return StackShape.of(thread);
  }
}
