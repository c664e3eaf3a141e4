package dev.leakverifier.jvm;

import dev.leakverifier.jvm.ThreadSource.Sampling;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The virtual threads in the heap, for a JVM whose thread dump can crash it.
 *
 * <p>What was seen is exact as long as no virtual thread has run since: so mostly nothing has to be
 * asked. Else the JVM counts the objects of their class, after a full garbage collection: a thread
 * that can still run is never garbage, so mostly none is left. Only otherwise is a heap dump taken,
 * which tells those that have ended from the others. Both stop the JVM at a safepoint, at which no
 * virtual thread is between two carriers.
 */
final class HeapCensus implements VirtualCensus {
  static final String MONITORS_NOT_SEEN =
      "which monitors virtual threads wait for: a heap dump does not tell";

  /** Threads that run are waited for, twice as long each time: 75 ms in all, as a dump may take. */
  private static final long FIRST_NAP_NANOS = 5_000_000;

  private static final int NAPS = 4;

  /** While it is waited, so much more of the time goes by without a dump than in one. */
  private static final int SELDOM = 10;

  private final Heap heap;
  private final Supplier<ThreadClock> clock;
  private final LongSupplier nanoTime;
  private final LongConsumer pause;

  private volatile Seen last = new Seen(ThreadClock.START, 0, IdSet.NONE, List.of(), 0, 0);

  /**
   * The virtual threads in {@code heap}.
   *
   * @param pause lets so many nanoseconds pass
   */
  HeapCensus(Heap heap, Supplier<ThreadClock> clock, LongSupplier nanoTime, LongConsumer pause) {
    this.heap = heap;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.pause = pause;
  }

  /** The heap of a JVM. */
  interface Heap {
    /** How many virtual threads it holds, also not started or ended ones; negative if unknown. */
    int count();

    /** The virtual threads that are alive. */
    Alive alive() throws IOException;

    /** What those look like that are alive and {@code wanted}. */
    List<ThreadSample> samples(LongPredicate wanted) throws IOException;
  }

  /**
   * Virtual threads that are alive.
   *
   * @param samples what they look like; null where they are too many to be looked at without need
   */
  record Alive(IdSet ids, @Nullable List<ThreadSample> samples) {}

  /**
   * What was seen.
   *
   * @param at before it was seen
   * @param count how many virtual threads the heap held, also not started or ended ones
   * @param took how many nanoseconds it took
   * @param until when it was seen, in nanoseconds
   */
  private record Seen(
      ThreadClock at,
      int count,
      IdSet ids,
      SoftReference<@Nullable List<ThreadSample>> samples,
      long took,
      long until) {
    Seen(
        ThreadClock at,
        int count,
        IdSet ids,
        @Nullable List<ThreadSample> samples,
        long took,
        long until) {
      this(at, count, ids, new SoftReference<>(samples), took, until);
    }

    /** Whether no virtual thread has run since, and so none has begun or ended. */
    boolean isStillSo(ThreadClock now) {
      return now.virtualRuns() < 0
          ? count == 0 && now.virtualMade() == at.virtualMade()
          : now.virtualRuns() == at.virtualRuns();
    }
  }

  @Override
  public String means() {
    return "heap dump";
  }

  @Override
  public Ids ids() throws IOException {
    return new Ids(see().ids(), Optional.empty());
  }

  @Override
  public Sampling samples(LongPredicate wanted) throws IOException {
    return samples(see(), wanted);
  }

  @Override
  public Sampling glance(LongPredicate wanted) throws IOException {
    Seen known = last;
    ThreadClock now = clock.get();
    if (known.ids().count(wanted) > 0 && !known.isStillSo(now)) {
      int count = heap.count();
      if (count == 0) {
        known = none(now);
      } else if (mayHaveEnded(known, count, wanted)) {
        known = dump(now, count);
      }
    }
    return samples(known, wanted);
  }

  /** Whether it is worth a dump to find out which of the wanted ones have ended. */
  private boolean mayHaveEnded(Seen known, int count, LongPredicate wanted) {
    return count <= known.count() - known.ids().count(wanted)
        || nanoTime.getAsLong() - known.until() > SELDOM * known.took();
  }

  private Sampling samples(Seen seen, LongPredicate wanted) throws IOException {
    if (seen.ids().count(wanted) == 0) {
      return new Sampling(List.of(), Optional.empty());
    }
    List<ThreadSample> all = seen.samples().get();
    List<ThreadSample> samples =
        all == null
            ? heap.samples(wanted)
            : all.stream().filter(thread -> wanted.test(thread.id())).toList();
    boolean monitors = samples.stream().anyMatch(HeapCensus::waitsForMonitor);
    return new Sampling(samples, Optional.of(MONITORS_NOT_SEEN).filter(line -> monitors));
  }

  /** Several threads that ask at once are served by the same look. */
  private synchronized Seen see() throws IOException {
    ThreadClock now = clock.get(); // first: what is made meanwhile may be overlooked
    if (last.isStillSo(now)) {
      return last;
    }
    int count = countAfterThoseThatEnd();
    return count == 0 ? none(now) : dump(now, count);
  }

  /** How many are there, once those have ended that do so at once. */
  private int countAfterThoseThatEnd() {
    int count = heap.count();
    for (int nap = 0; nap < NAPS && count > last.count(); nap++) {
      long before = clock.get().virtualRuns();
      pause.accept(FIRST_NAP_NANOS << nap);
      long runs = clock.get().virtualRuns();
      if (runs >= 0 && runs == before) {
        break; // none has run, so none has ended
      }
      if (runs >= 0 || nap == NAPS - 1) {
        count = heap.count();
      }
    }
    return count;
  }

  private Seen none(ThreadClock at) {
    Seen none = new Seen(at, 0, IdSet.NONE, List.of(), 0, nanoTime.getAsLong());
    last = none;
    return none;
  }

  private Seen dump(ThreadClock at, int count) throws IOException {
    long start = nanoTime.getAsLong();
    Alive alive = heap.alive();
    long end = nanoTime.getAsLong();
    Seen seen = new Seen(at, count, alive.ids(), alive.samples(), end - start, end);
    last = seen;
    return seen;
  }

  private static boolean waitsForMonitor(ThreadSample thread) {
    return thread.state() == Thread.State.BLOCKED
        || (thread.lock().isEmpty()
            && !thread.frames().isEmpty()
            && thread.frames().get(0).getClassName().equals("java.lang.Object"));
  }
}
