package dev.leakverifier.check;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.stream.Collectors.toSet;

import dev.leakverifier.jvm.IdSet;
import dev.leakverifier.jvm.Interruption;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.jvm.ThreadSource;
import dev.leakverifier.origin.OriginRecorder;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The check itself: list cheaply, subtract, read the stacks of what is left, wait until none is
 * left or patience is spent.
 */
public final class Check {
  /**
   * How long threads may end before their stacks are read, which costs the JVM a safepoint: a pool
   * says that it is terminated some microseconds before its last thread has ended.
   */
  public static final Duration BRIEFLY = Duration.ofMillis(1);

  private static final Duration AFTER_INTERRUPTION = Duration.ofMillis(200);

  public static final Check JVM =
      new Check(
          LiveThreads.withOrigins(OriginRecorder.JVM::originOf),
          System::nanoTime,
          new Naps(),
          System::gc,
          () -> HeapHolders.JVM);

  private final ThreadSource source;
  private final boolean seesVirtualThreads;
  private final LongSupplier nanoTime;
  private final Pause pause;
  private final Runnable garbageCollector;
  private final Patience patience;
  private final Supplier<Holders> holders; // not made before something is left

  /** A check that does not ask who holds what is left. */
  public Check(ThreadSource source, LongSupplier nanoTime, Pause pause, Runnable garbageCollector) {
    this(source, nanoTime, pause, garbageCollector, () -> Holders.NONE);
  }

  private Check(
      ThreadSource source,
      LongSupplier nanoTime,
      Pause pause,
      Runnable garbageCollector,
      Supplier<Holders> holders) {
    this(source, true, nanoTime, pause, garbageCollector, new Patience(), holders);
  }

  private Check(
      ThreadSource source,
      boolean seesVirtualThreads,
      LongSupplier nanoTime,
      Pause pause,
      Runnable garbageCollector,
      Patience patience,
      Supplier<Holders> holders) {
    this.source = source;
    this.seesVirtualThreads = seesVirtualThreads;
    this.nanoTime = nanoTime;
    this.pause = pause;
    this.garbageCollector = garbageCollector;
    this.patience = patience;
    this.holders = holders;
  }

  /** This check, or one that does not look for virtual threads. */
  public Check seeing(boolean virtualThreads) {
    return virtualThreads || !seesVirtualThreads
        ? this
        : new Check(
            source.platformOnly(), false, nanoTime, pause, garbageCollector, patience, holders);
  }

  public boolean seesVirtualThreads() {
    return seesVirtualThreads;
  }

  /**
   * Threads that a check has not looked at before.
   *
   * @param notSeen what the JVM could not tell of those that there may be besides
   */
  public record Arrivals(List<Suspect> suspects, Set<String> notSeen) {}

  /** Every live thread; keeps no stack. */
  public ThreadListing list() {
    return source.list();
  }

  /** Every live platform thread, and when that was; see {@link ThreadSource#note}. */
  public ThreadListing note() {
    return source.note();
  }

  /** Waits until the threads have ended, for {@code maxWait} at most. */
  public void awaitEnd(List<LiveThread> threads, Duration maxWait) {
    long start = nanoTime.getAsLong();
    long patience = NANOSECONDS.convert(maxWait);
    pause.untilEnded(threads, Math.min(NANOSECONDS.convert(BRIEFLY), patience));
    pause.untilEnded(threads, patience - (nanoTime.getAsLong() - start));
  }

  /**
   * Interrupts the threads that are still alive once, and waits a moment for their end.
   *
   * @return those that have not ended; virtual threads, which the JVM shows by id only, are among
   *     them
   */
  public List<ThreadSample> interrupt(List<ThreadSample> threads) {
    Set<Long> ids = threads.stream().map(ThreadSample::id).collect(toSet());
    List<LiveThread> alive =
        list().threads().stream()
            .filter(thread -> thread.thread() != null && ids.contains(thread.id()))
            .toList();
    Interruption.of(alive.stream().flatMap(each -> Stream.ofNullable(each.thread())).toList());
    pause.untilEnded(alive, NANOSECONDS.convert(AFTER_INTERRUPTION));
    Set<Long> ended = endedOf(threads);
    return threads.stream().filter(thread -> !ended.contains(thread.id())).toList();
  }

  /** Every live thread; cheaper than {@link #list} if none was made since {@code earlier}. */
  public ThreadListing listSince(Baseline earlier) {
    return source.listSince(earlier.virtual());
  }

  /** What threads look like now, which costs a safepoint. */
  public List<ThreadSample> look(List<LiveThread> threads) {
    return threads.isEmpty() ? List.of() : source.sample(threads).samples();
  }

  /**
   * The ids of those threads that look as some did which were held as long as the JVM lives. That
   * is no proof; but a verdict on them may wait, so that one dump of the heap tells of many.
   */
  public Set<Long> looksHeldOf(List<Suspect> suspects) {
    return holders.get().haveHeld() // a look costs a safepoint
        ? look(Suspect.threads(suspects)).stream()
            .filter(holders.get()::looksHeld)
            .map(ThreadSample::id)
            .collect(toSet())
        : Set.of();
  }

  /** The ids of those threads that are held as long as the JVM lives, as its heap tells now. */
  public Set<Long> heldOf(List<Suspect> suspects) {
    return suspects.isEmpty()
        ? Set.of()
        : holders
            .get()
            .tell(Findings.of(look(Suspect.threads(suspects))), suspects)
            .held()
            .keySet();
  }

  /** The ids of those {@code threads} that have ended since; of what cannot be seen, none. */
  public Set<Long> endedOf(List<ThreadSample> threads) {
    if (threads.isEmpty()) {
      return Set.of();
    }
    boolean virtual = threads.stream().anyMatch(ThreadSample::isVirtual);
    ThreadListing live = (virtual ? source : source.platformOnly()).list();
    IdSet platform = live.platformIds();
    return threads.stream()
        .filter(
            thread ->
                thread.isVirtual()
                    ? live.virtual().isKnown() && !live.virtual().contains(thread.id())
                    : !platform.contains(thread.id()))
        .map(ThreadSample::id)
        .collect(toSet());
  }

  /** Looks for threads that are not in {@code baseline}, nor the calling one. */
  public Findings run(Baseline baseline, CheckSettings settings) {
    long current = LiveThreads.id(Thread.currentThread());
    Baseline known =
        baseline == Baseline.NONE && !settings.ignored().isEmpty()
            ? settings.ignored().get(0) // the one of ignoreCurrent() serves as well
            : baseline;
    Set<Long> seen = new HashSet<>();
    return settle(
        () -> {
          ThreadListing live = list();
          List<Suspect> suspects = new ArrayList<>();
          for (LiveThread thread : known.newAmong(live)) {
            boolean isNew = !settings.wasThere(thread.id(), thread.thread() == null);
            if (isNew && thread.id() != current && seen.add(thread.id())) {
              suspects.add(new Suspect(thread, settings));
            }
          }
          return new Arrivals(suspects, notSeen(live, baseline, settings));
        },
        // Those of the JVM are among all threads, and never end.
        known == Baseline.NONE ? Duration.ZERO : BRIEFLY,
        settings.limits());
  }

  private static Set<String> notSeen(
      ThreadListing live, Baseline baseline, CheckSettings settings) {
    Set<String> notSeen = new LinkedHashSet<>();
    live.virtual().notSeen().ifPresent(notSeen::add);
    baseline.virtual().notSeen().ifPresent(notSeen::add);
    for (Baseline ignored : settings.ignored()) {
      ignored.virtual().notSeen().ifPresent(notSeen::add);
    }
    return notSeen;
  }

  /**
   * Waits until every suspect has ended or is ignored, or {@code limits} are over. Then it is asked
   * who holds what is left.
   *
   * @param arrivals gives those suspects that it has not given before: one that ended while it was
   *     waited for may have started another
   * @param briefly how long threads may end before any stack is read
   */
  public Findings settle(Supplier<Arrivals> arrivals, Duration briefly, WaitLimits limits) {
    Arrivals first = arrivals.get();
    Findings found = await(first, briefly, limits);
    List<Suspect> suspects = new ArrayList<>(first.suspects());
    if (!found.waited().isZero()) { // in no time nothing can have ended
      Arrivals second = arrivals.get(); // and no more: some start for ever
      found = found.and(await(second, briefly, limits));
      suspects.addAll(second.suspects());
    }
    return found.leaked().isEmpty() ? found : holders.get().tell(found, suspects);
  }

  private Findings await(Arrivals arrivals, Duration briefly, WaitLimits limits) {
    List<Suspect> suspects = arrivals.suspects();
    Findings found =
        suspects.isEmpty()
            ? Findings.NONE
            : new Waiter(source, nanoTime, pause, garbageCollector, patience, suspects)
                .await(briefly, limits);
    return found.without(arrivals.notSeen());
  }
}
