package dev.leakverifier;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableListMultimap.toImmutableListMultimap;
import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.util.Comparator.naturalOrder;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Iterables;
import com.google.common.collect.ListMultimap;
import dev.leakverifier.LeakCheck.Arrivals;
import dev.leakverifier.LeakCheck.Suspect;
import dev.leakverifier.report.Findings;
import dev.leakverifier.thread.LiveThread;
import dev.leakverifier.thread.LiveThreads;
import dev.leakverifier.thread.ThreadListing;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Follows a run of tests: notes in whose window a thread appeared, and judges when no fixture is
 * left that could still stop it. For adapters to test frameworks; tests use {@link LeakVerifier}.
 *
 * <pre>{@code
 * LeakWatch<MyWindow> watch = LeakWatch.start(options);
 * watch.appearedIn(window);                           // after each test and fixture
 * watch.judge(window -> window.isOver())              // when nothing can stop its threads any more
 *     .forEach((window, report) -> window.failWith(report.toError()));
 * }</pre>
 *
 * <p>Noting costs one listing of the live threads, and a thread dump if virtual threads are in use
 * and a thread was made since the last note; no stack is read before the verdict. A thread is
 * reported once in the JVM, however many watches see it. Thread-safe; waiting for a verdict does
 * not hold up notes of other threads. Keeps windows only while their threads live, and no thread.
 */
public final class LeakWatch<W extends LeakWatch.Window> {
  /** Ids of the threads that some watch has reported; forgotten when the threads have ended. */
  private static final Set<Long> REPORTED = ConcurrentHashMap.newKeySet();

  private final LeakCheck check;
  private ImmutableList<LeakOption> options;
  private final Map<Long, Appearance<W>> suspects = new HashMap<>();
  private Baseline seen;

  /** A test or fixture that runs, and in which threads may appear. Compared by {@code equals}. */
  public interface Window {
    /** How a report names it, e.g. {@code CheckoutTest.pays(EUR)}. */
    String describe();

    /**
     * What holds for its threads, besides the options of the watch; empty if they are not to be
     * checked. Only asked when there are new threads.
     */
    Optional<List<LeakOption>> options();
  }

  private record Appearance<W>(W window, LeakSettings settings) {}

  LeakWatch(LeakCheck check, List<LeakOption> options) {
    this.check = check;
    this.options = ImmutableList.copyOf(options);
    this.seen = Baseline.of(check.list());
  }

  /** Starts to watch; the threads alive now belong to nobody, and {@code options} hold for all. */
  public static <W extends Window> LeakWatch<W> start(List<LeakOption> options) {
    return new LeakWatch<>(LeakCheck.JVM, options);
  }

  /** Adds options that hold for all windows from here on. */
  public synchronized void addOptions(List<LeakOption> more) {
    settings(more); // refuses what is null
    options = ImmutableList.<LeakOption>builder().addAll(options).addAll(more).build();
  }

  /** Notes that the threads which are new since the last note appeared in {@code window}. */
  public synchronized void appearedIn(W window) {
    note(window, check.listSince(seen));
  }

  /** Notes what is new, as {@link #appearedIn} does, and returns exactly what is alive. */
  private synchronized ThreadListing noteAll(W window) {
    ThreadListing live = check.list();
    note(window, live);
    return live;
  }

  private void note(W window, ThreadListing live) {
    List<LiveThread> fresh = seen.newAmong(live);
    if (fresh.isEmpty() && live.virtual() == seen.virtual()) {
      return;
    }
    seen = Baseline.of(live, seen);
    if (fresh.isEmpty()) {
      return;
    }
    suspects.keySet().removeIf(id -> !seen.contains(id));
    window
        .options()
        .map(own -> settings(Iterables.concat(options, own)))
        .map(own -> new Appearance<>(window, own))
        .ifPresent(appearance -> fresh.forEach(thread -> suspects.put(thread.id(), appearance)));
  }

  /** Notes that nobody answers for the threads which are new since the last note. */
  public synchronized void disownNew() {
    seen = Baseline.of(check.list(), seen);
  }

  /**
   * Judges the threads that appeared in windows which are over, waiting for those that are ending.
   *
   * <p>An interrupt from before, which a test may leave behind, does not cut the wait short; it is
   * restored.
   *
   * @return a report for each window that left threads behind, in the order in which these appeared
   */
  public Map<W, LeakReport> judge(Predicate<? super W> isOver) {
    ImmutableList<Appearance<W>> over = over(isOver);
    if (over.isEmpty()) {
      return ImmutableMap.of();
    }
    W last = over.get(over.size() - 1).window();
    Duration patience =
        over.stream()
            .map(appearance -> appearance.settings().maxWait())
            .max(naturalOrder())
            .orElse(Duration.ZERO);
    Map<Long, Appearance<W>> due = new TreeMap<>();
    boolean interrupted = Thread.interrupted();
    Findings findings;
    try {
      findings =
          check.settle(
              () -> {
                ThreadListing live = noteAll(last); // what the suspects themselves have started
                ImmutableMap<Long, Appearance<W>> fresh = takeDue(isOver, live);
                due.putAll(fresh);
                return new Arrivals(
                    stillAlive(fresh, live),
                    live.virtual().notSeen().stream().collect(toImmutableSet()));
              },
              patience);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    ListMultimap<W, ThreadSample> leaked =
        byWindow(findings.leaked().stream().filter(thread -> REPORTED.add(thread.id())), due);
    ListMultimap<W, ThreadSample> shared = byWindow(findings.shared().stream(), due);
    ImmutableMap.Builder<W, LeakReport> reports = ImmutableMap.builder();
    for (W window : leaked.keySet()) {
      reports.put(
          window,
          new LeakReport(window.describe(), findings.of(leaked.get(window), shared.get(window))));
    }
    return reports.buildOrThrow();
  }

  /** Whether a check of the whole run is wanted even though tests have failed. */
  public synchronized boolean runsOnFailure() {
    return settings(options).runOnFailure();
  }

  /** Runs the cleanups that the options ask for, at the end of the run. */
  public void cleanUp(int exitCode) {
    LeakSettings settings;
    synchronized (this) {
      settings = settings(options);
    }
    settings.cleanUp(exitCode); // the user's code, so not under the lock
  }

  private static LeakSettings settings(Iterable<LeakOption> options) {
    return LeakSettings.of(Iterables.toArray(options, LeakOption.class));
  }

  /** The {@code threads} by the window they appeared in. */
  private static <W> ListMultimap<W, ThreadSample> byWindow(
      Stream<ThreadSample> threads, Map<Long, Appearance<W>> due) {
    return threads.collect(
        toImmutableListMultimap(
            thread -> requireNonNull(due.get(thread.id())).window(), thread -> thread));
  }

  /** The suspects of windows that are over, in the order in which they were started. */
  private synchronized ImmutableList<Appearance<W>> over(Predicate<? super W> isOver) {
    return suspects.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue)
        .filter(appearance -> isOver.test(appearance.window()))
        .collect(toImmutableList());
  }

  /** Leaves for later the virtual threads of which {@code live} cannot tell. */
  private synchronized ImmutableMap<Long, Appearance<W>> takeDue(
      Predicate<? super W> isOver, ThreadListing live) {
    ImmutableMap<Long, Appearance<W>> due =
        suspects.entrySet().stream()
            .filter(suspect -> isOver.test(suspect.getValue().window()))
            .filter(
                suspect -> live.virtual().isKnown() || !seen.virtual().contains(suspect.getKey()))
            .sorted(Map.Entry.comparingByKey())
            .collect(toImmutableMap(Map.Entry::getKey, Map.Entry::getValue));
    suspects.keySet().removeAll(due.keySet());
    return due;
  }

  private synchronized ImmutableList<Suspect> stillAlive(
      Map<Long, Appearance<W>> due, ThreadListing live) {
    long current = LiveThreads.id(Thread.currentThread());
    Baseline alive = Baseline.of(live, seen);
    REPORTED.removeIf(id -> !alive.contains(id));
    ImmutableList.Builder<Suspect> suspects = ImmutableList.builder();
    for (LiveThread thread : live.threads()) {
      Appearance<W> appearance = due.get(thread.id());
      if (appearance != null && thread.id() != current && !REPORTED.contains(thread.id())) {
        suspects.add(new Suspect(thread, appearance.settings()));
      }
    }
    return suspects.build();
  }
}
