package dev.leakverifier.check;

import static java.util.Comparator.naturalOrder;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.leakverifier.diagnosis.Observation;
import dev.leakverifier.host.Guard;
import dev.leakverifier.host.Log;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.ThreadSource;
import dev.leakverifier.jvm.ThreadSource.Sampling;
import dev.leakverifier.origin.OriginRecorder;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Waits for the suspects of one check: pauses, looks at those that are left, and pauses again. */
final class Waiter {
  private static final Log LOG = Log.of(Waiter.class);

  /** The part of the longest wait that is spent on what is known, and by how many pauses. */
  private static final int KNOWN_SHARE = 20;

  private static final int KNOWN_PAUSES = 10;

  /** The longest grace of owners whose collection ends their thread at once. */
  private static final Duration TOLD_AT_ONCE = Duration.ofSeconds(1);

  private final ThreadSource source;
  private final LongSupplier nanoTime;
  private final Pause pause;
  private final Runnable garbageCollector;
  private final Patience patience;

  private final int total;
  private final Map<Long, Suspect> left = new LinkedHashMap<>();
  private final Map<Long, ThreadSample> shared = new TreeMap<>();
  private final Map<Long, String> ignored = new HashMap<>();
  private final Set<String> notSeen = new LinkedHashSet<>();
  private final Activity watching = new Activity();

  /** What those look like that count, as the last look has shown. */
  private Map<Long, ThreadSample> counting = Map.of();

  private Duration waited = Duration.ZERO;
  private long lastLook;

  Waiter(
      ThreadSource source,
      LongSupplier nanoTime,
      Pause pause,
      Runnable garbageCollector,
      Patience patience,
      List<Suspect> suspects) {
    this.source = source;
    this.nanoTime = nanoTime;
    this.pause = pause;
    this.garbageCollector = garbageCollector;
    this.patience = patience;
    this.total = suspects.size();
    for (Suspect suspect : suspects) {
      left.put(suspect.id(), suspect);
    }
  }

  /**
   * Waits until every suspect has ended or is ignored, or {@code limits} are over; only briefly for
   * what has outlived such waits before. What then lives on only because its owner was not
   * collected yet gets one garbage collection and a little time.
   *
   * @param briefly how long threads may end before any stack is read
   */
  Findings await(Duration briefly, WaitLimits limits) {
    awaitUnseen(briefly.compareTo(limits.most()) < 0 ? briefly : limits.most());
    counting = look(source::sample);
    boolean collected = !limits.isZero() && awaitAsLongAsItTakes(limits);
    LOG.debug("{} of {} new threads left after {}", counting.size(), total, waited);
    List<Observation> leaked = counting.isEmpty() ? List.of() : examined();
    return new Findings(
            leaked, List.copyOf(shared.values()), ignoredByOption(), waited, collected, notSeen)
        .withoutStarters(OriginRecorder.JVM::whyUnknown);
  }

  /** Returns whether garbage was collected. */
  private boolean awaitAsLongAsItTakes(WaitLimits limits) {
    boolean collected = false;
    if (areKnown()) {
      awaitKnown(limits);
      collected = areKnown() && collectOwners(grace -> awaitCollected(grace, limits));
    }
    if (!areKnown()) {
      Duration limit = patience.hasSeen(counting.values()) ? limits.most() : limits.first();
      awaitSeen(limit.minus(waited));
      collected |= collectOwners(this::awaitSeen);
      patience.outlivedBy(counting.values(), watching.moving());
    }
    return collected;
  }

  private boolean areKnown() {
    return watching.moving().isEmpty() && patience.knows(counting.values());
  }

  /**
   * Waits by so many short pauses rather than for so much time: where threads hardly get to run,
   * neither does this one, and so it waits longer.
   */
  private void awaitKnown(WaitLimits limits) {
    long start = nanoTime.getAsLong();
    long nanos = NANOSECONDS.convert(limits.most()) / (KNOWN_SHARE * KNOWN_PAUSES);
    left.keySet().retainAll(counting.keySet());
    for (int i = 0; i < KNOWN_PAUSES && !left.isEmpty(); i++) {
      pause(nanos);
      left.values().removeIf(Waiter::hasEnded);
    }
    counting = look(source::sample);
    waited = waited.plusNanos(nanoTime.getAsLong() - start);
  }

  /**
   * A thread that looks only now and then whether its owner is gone needs its time, if known, too.
   */
  private void awaitCollected(Duration grace, WaitLimits limits) {
    if (grace.compareTo(TOLD_AT_ONCE) > 0) {
      awaitSeen(grace);
    } else {
      awaitKnown(limits);
    }
  }

  private static boolean hasEnded(Suspect suspect) {
    Thread thread = suspect.thread().thread();
    return thread != null && !thread.isAlive();
  }

  private void awaitUnseen(Duration briefly) {
    if (!briefly.isZero() && showTheirEnd()) {
      long start = nanoTime.getAsLong();
      pause(NANOSECONDS.convert(briefly));
      waited = Duration.ofNanos(nanoTime.getAsLong() - start);
    }
  }

  /** The time counts from the first look on: if that is slow, it does not use up the patience. */
  private void awaitSeen(Duration maxWait) {
    long start = nanoTime.getAsLong();
    long limit = NANOSECONDS.convert(maxWait);
    long passed = 0;
    for (int attempt = 0; !counting.isEmpty() && passed < limit; attempt++) {
      left.keySet().retainAll(counting.keySet());
      long rest = limit - passed;
      long nanos = Math.min(nanosBeforeNextLook(attempt, passed), rest);
      pause(nanos);
      counting = look(nanos < rest ? source::glance : source::sample);
      passed = nanoTime.getAsLong() - start;
    }
    waited = waited.plusNanos(passed);
  }

  private void pause(long nanos) {
    List<LiveThread> threads = new ArrayList<>(left.size());
    for (Suspect suspect : left.values()) {
      threads.add(suspect.thread());
    }
    pause.untilEnded(threads, nanos);
  }

  private long nanosBeforeNextLook(int attempt, long passed) {
    return showTheirEnd()
        ? Pause.nanosBeforeNextLook(passed, lastLook)
        : Pause.nanosBeforeNextDump(attempt, lastLook);
  }

  /** Whether a pause notices the end of each: of virtual threads only a look tells. */
  private boolean showTheirEnd() {
    for (Suspect suspect : left.values()) {
      if (suspect.thread().thread() == null) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether garbage was collected. */
  private boolean collectOwners(Consumer<Duration> thenAwait) {
    Duration grace =
        counting.values().stream()
            .map(CollectableOwner::grace)
            .max(naturalOrder())
            .orElse(Duration.ZERO);
    if (grace.isZero()) {
      return false;
    }
    garbageCollector.run();
    thenAwait.accept(grace);
    return true;
  }

  /** What those look like now that are alive and count. */
  private Map<Long, ThreadSample> look(Function<Collection<LiveThread>, Sampling> sampler) {
    List<LiveThread> threads = new ArrayList<>(left.size());
    for (Suspect suspect : left.values()) {
      if (!hasEnded(suspect)) {
        threads.add(suspect.thread());
      }
    }
    if (threads.isEmpty()) {
      return Map.of(); // a look costs a safepoint, even one at nothing
    }
    long start = nanoTime.getAsLong();
    Sampling sampling = sampler.apply(threads);
    sampling.notSeen().ifPresent(notSeen::add);
    Map<Long, ThreadSample> seen = new LinkedHashMap<>();
    for (ThreadSample sample : sampling.samples()) {
      if (counts(sample)) {
        watching.saw(sample, start);
        seen.put(sample.id(), sample);
      }
    }
    lastLook = nanoTime.getAsLong() - start;
    return seen;
  }

  private boolean counts(ThreadSample sample) {
    CheckSettings settings = requireNonNull(left.get(sample.id())).settings();
    if (settings.isShared(sample)) {
      shared.put(sample.id(), sample);
      return false;
    }
    if (settings.excuses(sample)) {
      return false;
    }
    Optional<String> option = settings.ignoredBy(sample);
    option.ifPresent(call -> ignored.put(sample.id(), call));
    return option.isEmpty();
  }

  private List<Observation> examined() {
    source.gap().ifPresent(notSeen::add);
    return Guard.make(
        "who holds the locks",
        () -> LockSearch.of(source, counting.values(), watching),
        lost -> {
          notSeen.add(lost.part() + ": " + lost.why());
          return counting.values().stream().map(Observation::of).toList();
        });
  }

  private Map<String, Integer> ignoredByOption() {
    Map<String, Integer> counts = new TreeMap<>();
    for (String option : ignored.values()) {
      counts.merge(option, 1, Integer::sum);
    }
    return counts;
  }
}
