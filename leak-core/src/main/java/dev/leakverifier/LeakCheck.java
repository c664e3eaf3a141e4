package dev.leakverifier;

import static java.util.Comparator.naturalOrder;
import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.leakverifier.diagnosis.Findings;
import dev.leakverifier.diagnosis.IgnoreLine;
import dev.leakverifier.diagnosis.Observation;
import dev.leakverifier.host.Guard;
import dev.leakverifier.host.Log;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.jvm.ThreadSource;
import dev.leakverifier.jvm.ThreadSource.Sampling;
import dev.leakverifier.origin.OriginRecorder;
import dev.leakverifier.thread.CollectableOwner;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The check itself: list cheaply, subtract, read the stacks of what is left, wait until none is
 * left or patience is spent.
 */
final class LeakCheck {
  private static final Log LOG = Log.of(LeakCheck.class);

  /** The suspects and what these start; more would not end where threads start all the time. */
  private static final int MAX_GENERATIONS = 2;

  /**
   * How long threads may end before their stacks are read, which costs the JVM a safepoint: a pool
   * says that it is terminated some microseconds before its last thread has ended.
   */
  private static final Duration BRIEFLY = Duration.ofMillis(1);

  static final LeakCheck JVM =
      new LeakCheck(
          LiveThreads.withOrigins(OriginRecorder.JVM::originOf),
          System::nanoTime,
          Pause.JOINING,
          System::gc);

  private final ThreadSource source;
  private final LongSupplier nanoTime;
  private final Pause pause;
  private final Runnable garbageCollector;

  LeakCheck(ThreadSource source, LongSupplier nanoTime, Pause pause, Runnable garbageCollector) {
    this.source = source;
    this.nanoTime = nanoTime;
    this.pause = pause;
    this.garbageCollector = garbageCollector;
  }

  /** A thread that may be leaked, and the settings that it is judged by. */
  record Suspect(LiveThread thread, LeakSettings settings) {
    long id() {
      return thread.id();
    }
  }

  /** This check, or one that does not look for virtual threads. */
  LeakCheck seeing(boolean virtualThreads) {
    return virtualThreads
        ? this
        : new LeakCheck(source.platformOnly(), nanoTime, pause, garbageCollector);
  }

  /**
   * Threads that a check has not looked at before.
   *
   * @param notSeen what the JVM could not tell of those that there may be besides
   */
  record Arrivals(List<Suspect> suspects, Set<String> notSeen) {}

  /** Every live thread; keeps no stack. */
  ThreadListing list() {
    return source.list();
  }

  /** Waits until the threads have ended, for {@code maxWait} at most; an interrupt is restored. */
  void awaitEnd(List<LiveThread> threads, Duration maxWait) {
    long start = nanoTime.getAsLong();
    long patience = NANOSECONDS.convert(maxWait);
    try {
      pause.untilEnded(threads, Set.of(), Math.min(NANOSECONDS.convert(BRIEFLY), patience));
      pause.untilEnded(threads, Set.of(), patience - (nanoTime.getAsLong() - start));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The same, but cheaper if no thread has been made since {@code earlier}. */
  ThreadListing listSince(Baseline earlier) {
    return source.listSince(earlier.virtual());
  }

  /** What threads look like now, which costs a safepoint. */
  List<ThreadSample> look(List<LiveThread> threads) {
    return threads.isEmpty() ? List.of() : source.sample(threads).samples();
  }

  LeakReport run(Baseline baseline, LeakSettings settings) {
    long current = LiveThreads.id(Thread.currentThread());
    Set<Long> seen = new HashSet<>();
    return new LeakReport(
        null,
        settle(
            () -> {
              ThreadListing live = list();
              List<Suspect> suspects = new ArrayList<>();
              for (LiveThread thread : baseline.newAmong(live)) {
                if (thread.id() != current && seen.add(thread.id())) {
                  suspects.add(new Suspect(thread, settings));
                }
              }
              return new Arrivals(suspects, notSeen(live, baseline, settings));
            },
            // Those of the JVM are among all threads, and never end.
            baseline == Baseline.NONE ? Duration.ZERO : BRIEFLY,
            settings.maxWait()),
        IgnoreLine.Place.JAVA);
  }

  private static Set<String> notSeen(ThreadListing live, Baseline baseline, LeakSettings settings) {
    Set<String> notSeen = new LinkedHashSet<>();
    live.virtual().notSeen().ifPresent(notSeen::add);
    baseline.virtual().notSeen().ifPresent(notSeen::add);
    for (CurrentThreads current : settings.current()) {
      current.baseline().virtual().notSeen().ifPresent(notSeen::add);
    }
    return notSeen;
  }

  /**
   * Waits until every suspect has ended or is excused, or {@code maxWait} is over. What then lives
   * on only because its owner was not collected yet gets one garbage collection and a little time.
   *
   * @param arrivals gives those suspects that it has not given before: one that ended while it was
   *     waited for may have started another
   */
  Findings settle(Supplier<Arrivals> arrivals, Duration maxWait) {
    return settle(arrivals, BRIEFLY, maxWait);
  }

  private Findings settle(Supplier<Arrivals> arrivals, Duration briefly, Duration maxWait) {
    Findings findings = Findings.NONE;
    boolean waited = true;
    for (int generation = 0; generation < MAX_GENERATIONS && waited; generation++) {
      Arrivals latestArrivals = arrivals.get();
      Findings latest = settle(latestArrivals.suspects(), briefly, maxWait);
      if (generation == 0) {
        findings = latest;
      } else if (!latestArrivals.suspects().isEmpty()) {
        findings = findings.and(latest);
      }
      findings = findings.without(latestArrivals.notSeen());
      waited = !latest.waited().isZero();
    }
    return findings;
  }

  private Findings settle(List<Suspect> suspects, Duration briefly, Duration maxWait) {
    if (suspects.isEmpty()) {
      return Findings.NONE;
    }
    Settling settling = new Settling(suspects);
    settling.waitUnseen(briefly.compareTo(maxWait) < 0 ? briefly : maxWait);
    settling.waitFor(maxWait.minus(settling.waited));
    if (!maxWait.isZero()) {
      settling.collectOwners();
    }
    return settling.end();
  }

  /** How some suspects settle. */
  private final class Settling {
    private final int total;
    private final Map<Long, ThreadSample> shared = new TreeMap<>();
    private final Map<Long, String> ignored = new HashMap<>();
    private final Set<String> notSeen = new LinkedHashSet<>();
    private final Watching watching = new Watching();
    private final Map<Long, Suspect> left = new LinkedHashMap<>();
    private Map<Long, ThreadSample> unexcused = Map.of();
    private Set<Long> joinable = Set.of();
    private Duration waited = Duration.ZERO;
    private boolean collected;
    private boolean interrupted;
    private long lastLook;

    Settling(List<Suspect> suspects) {
      this.total = suspects.size();
      for (Suspect suspect : suspects) {
        left.put(suspect.id(), suspect);
      }
    }

    /** Waits before any stack is read; one that has ended then needs no more. */
    void waitUnseen(Duration briefly) {
      if (!briefly.isZero() && canBeJoined()) {
        long start = nanoTime.getAsLong();
        pauseFor(NANOSECONDS.convert(briefly));
        waited = Duration.ofNanos(nanoTime.getAsLong() - start);
      }
      unexcused = look(left);
    }

    /** The time counts from the first look on: if that is slow, it does not use up the patience. */
    void waitFor(Duration maxWait) {
      long start = nanoTime.getAsLong();
      long patience = NANOSECONDS.convert(maxWait);
      long passed = 0;
      for (int attempt = 0; !unexcused.isEmpty() && passed < patience && !interrupted; attempt++) {
        if (unexcused.size() < left.size()) {
          left.keySet().retainAll(unexcused.keySet());
        }
        pauseFor(Math.min(nanosBeforeNextLook(attempt, passed), patience - passed));
        unexcused = look(left);
        passed = nanoTime.getAsLong() - start;
      }
      waited = waited.plusNanos(passed);
    }

    private void pauseFor(long nanos) {
      try {
        List<LiveThread> threads = new ArrayList<>(left.size());
        for (Suspect suspect : left.values()) {
          threads.add(suspect.thread());
        }
        pause.untilEnded(threads, joinable, nanos);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }

    private long nanosBeforeNextLook(int attempt, long passed) {
      return canBeJoined()
          ? Pause.nanosBeforeNextLook(passed, lastLook)
          : Pause.nanosBeforeNextDump(attempt, lastLook);
    }

    private boolean canBeJoined() {
      for (Suspect suspect : left.values()) {
        if (suspect.thread().thread() == null) {
          return false;
        }
      }
      return true;
    }

    void collectOwners() {
      if (unexcused.isEmpty() || interrupted) {
        return;
      }
      Duration grace =
          unexcused.values().stream()
              .map(CollectableOwner::grace)
              .max(naturalOrder())
              .orElse(Duration.ZERO);
      if (!grace.isZero()) {
        garbageCollector.run();
        collected = true;
        waitFor(grace);
      }
    }

    Findings end() {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      LOG.debug("{} of {} new threads left after {}", unexcused.size(), total, waited);
      return new Findings(
          unexcused.isEmpty() ? List.of() : examined(),
          List.copyOf(shared.values()),
          ignoredByOption(),
          waited,
          collected,
          notSeen());
    }

    private List<Observation> examined() {
      return Guard.make(
          "who holds the locks",
          () -> Examination.of(source, unexcused.values(), watching, this::hasEnded),
          lost -> {
            notSeen.add(lost.part() + ": " + lost.why());
            return unexcused.values().stream().map(Observation::of).toList();
          });
    }

    private boolean hasEnded(long id) {
      Thread thread = requireNonNull(left.get(id)).thread().thread();
      return thread != null && !thread.isAlive();
    }

    private Map<String, Integer> ignoredByOption() {
      Map<String, Integer> counts = new TreeMap<>();
      for (String option : ignored.values()) {
        counts.merge(option, 1, Integer::sum);
      }
      return counts;
    }

    private Set<String> notSeen() {
      if (unexcused.isEmpty()) {
        return notSeen;
      }
      boolean originsKnown =
          unexcused.values().stream()
              .allMatch(thread -> thread.isVirtual() || thread.origin().isPresent());
      if (!originsKnown) {
        notSeen.add(OriginRecorder.JVM.whyUnknown());
      }
      return notSeen;
    }

    /** What those {@code suspects} look like that are alive and count. */
    private Map<Long, ThreadSample> look(Map<Long, Suspect> suspects) {
      List<LiveThread> threads = new ArrayList<>(suspects.size());
      for (Suspect suspect : suspects.values()) {
        Thread thread = suspect.thread().thread();
        if (thread == null || thread.isAlive()) {
          threads.add(suspect.thread());
        }
      }
      if (threads.isEmpty()) {
        return Map.of(); // a look costs a safepoint, even one at nothing
      }
      long start = nanoTime.getAsLong();
      Sampling sampling = source.sample(threads);
      sampling.notSeen().ifPresent(notSeen::add);
      joinable = sampling.joinable();
      Map<Long, ThreadSample> counting = new LinkedHashMap<>();
      for (ThreadSample sample : sampling.samples()) {
        LeakSettings settings = requireNonNull(suspects.get(sample.id())).settings();
        if (settings.isShared(sample)) {
          shared.put(sample.id(), sample);
        } else if (!settings.excuses(sample)) {
          Optional<String> option = settings.ignoredBy(sample);
          if (option.isPresent()) {
            ignored.put(sample.id(), option.get());
          } else {
            watching.saw(sample, start);
            counting.put(sample.id(), sample);
          }
        }
      }
      lastLook = nanoTime.getAsLong() - start;
      return counting;
    }
  }
}
