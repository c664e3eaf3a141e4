package dev.leakverifier.blame;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toSet;

import dev.leakverifier.blame.Suspects.Look;
import dev.leakverifier.check.Check;
import dev.leakverifier.check.Check.Arrivals;
import dev.leakverifier.check.CheckSettings;
import dev.leakverifier.check.Findings;
import dev.leakverifier.check.Suspect;
import dev.leakverifier.check.WaitLimits;
import dev.leakverifier.diagnosis.Observation;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Judges the suspects of windows that are over, waiting for those that are ending. */
public final class WindowJudge<W extends Window> {
  /** Ids of the threads that some watch has reported; forgotten when the threads have ended. */
  private static final Set<Long> REPORTED = ConcurrentHashMap.newKeySet();

  /**
   * How long threads may end by themselves before it is asked who started them. Asking makes the
   * flight recorder begin a new part of its file, and what starts at this moment may lose its
   * starter; so it is better not to ask for what ends anyway.
   */
  private static final Duration BRIEFLY = Duration.ofMillis(50);

  private final Timeline timeline;
  private final Suspects<W> suspects;
  private final BlameFinder<W> blames;

  /** Judges the suspects of {@code watch}. */
  public WindowJudge(Object watch, Timeline timeline, Suspects<W> suspects) {
    this.timeline = timeline;
    this.suspects = suspects;
    this.blames = new BlameFinder<>(timeline, watch, suspects::settingsOf, REPORTED::contains);
  }

  private record Due<W extends Window>(Blame<W> blame, CheckSettings settings) {}

  /** The window whose code has started a thread that appeared while no test was open. */
  Optional<W> ofInterlude(long threadId) {
    return blames.ofInterlude(threadId);
  }

  /**
   * What each window that is over has left behind, accepted or not. What is held as long as the JVM
   * lives, or looks so, is set aside until {@link #leaksOfAll}: its holder may let go of it.
   */
  public List<Attributed<W>> leaksOf(Predicate<? super W> isOver) {
    return leaksOf(isOver, due -> setAside(due, suspects.check().looksHeldOf(stillAlive(due))));
  }

  /** The same, but what only looks so is judged. */
  public List<Attributed<W>> previewOf(Predicate<? super W> isOver) {
    return leaksOf(isOver, due -> {});
  }

  /** What all windows have left behind, also of what was set aside: that had its time to end. */
  public List<Attributed<W>> leaksOfAll() {
    Set<Long> back = suspects.takeBack();
    return leaksOf(
        any -> true,
        due -> {
          Map<Long, Due<W>> again = new TreeMap<>(due);
          again.keySet().retainAll(back);
          setAside(due, suspects.check().heldOf(stillAlive(again)));
        });
  }

  private List<Attributed<W>> leaksOf(
      Predicate<? super W> isOver, Consumer<Map<Long, Due<W>>> beforeWaiting) {
    Optional<W> lastNoted = suspects.latest(isOver); // its thread may have ended, and left another
    Map<Long, Due<W>> due =
        takeDue(isOver, suspects.look((made, window) -> blames.mayBeDue(made, window, isOver)));
    Optional<W> last =
        lastNoted.or(() -> due.values().stream().map(each -> each.blame().window()).findFirst());
    if (last.isEmpty()) {
      return List.of();
    }
    Findings findings = settleOrReopen(due, last.get(), isOver, beforeWaiting);
    setAside(due, findings.held().keySet());
    Map<Blame<W>, List<Observation>> leaked = new LinkedHashMap<>();
    Map<Blame<W>, List<ThreadSample>> shared = new HashMap<>();
    for (Observation seen : findings.leaked()) {
      long id = seen.thread().id();
      blames
          .ofLeak(id, blame(due, seen.thread()))
          .filter(blame -> counts(blame, seen.thread()))
          .filter(blame -> REPORTED.add(id))
          .ifPresent(blame -> leaked.computeIfAbsent(blame, key -> new ArrayList<>()).add(seen));
    }
    for (ThreadSample thread : findings.shared()) {
      shared.computeIfAbsent(blame(due, thread), key -> new ArrayList<>()).add(thread);
    }
    List<Attributed<W>> leaks = new ArrayList<>();
    leaked.forEach(
        (blame, seen) ->
            leaks.add(
                new Attributed<>(blame, findings.of(seen, shared.getOrDefault(blame, List.of())))));
    return leaks;
  }

  private void setAside(Map<Long, Due<W>> due, Set<Long> held) {
    Map<Long, W> aside = new HashMap<>();
    held.forEach(id -> aside.put(id, requireNonNull(due.remove(id)).blame().window()));
    suspects.setAside(aside);
  }

  private List<Suspect> stillAlive(Map<Long, Due<W>> due) {
    return due.isEmpty() ? List.of() : stillAlive(due, suspects.lookWithoutListing().live());
  }

  /** Makes suspects of reported threads again, as if they had not been found. */
  public void reopen(Map<Long, W> again) {
    suspects.add(again);
    REPORTED.removeAll(again.keySet());
  }

  /** What could not be judged is still to be judged. */
  private Findings settleOrReopen(
      Map<Long, Due<W>> due,
      W last,
      Predicate<? super W> isOver,
      Consumer<Map<Long, Due<W>>> beforeWaiting) {
    try {
      beforeWaiting.accept(due);
      return settle(due, last, isOver);
    } catch (Error e) {
      Map<Long, W> again = new HashMap<>();
      due.forEach((id, each) -> again.put(id, each.blame().window()));
      suspects.add(again);
      throw e;
    }
  }

  /**
   * Waits for the suspects that are due to end.
   *
   * @param due to which those are added that these have started meanwhile
   * @param last in which window the latest of them appeared
   */
  private Findings settle(Map<Long, Due<W>> due, W last, Predicate<? super W> isOver) {
    Map<Long, Due<W>> arrivals = new TreeMap<>(due);
    return suspects
        .check()
        .settle(
            () -> {
              Look<W> look = noteAfter(last);
              arrivals.putAll(takeDue(isOver, look));
              due.putAll(arrivals);
              List<Suspect> alive = stillAlive(arrivals, look.live());
              arrivals.clear();
              return new Arrivals(alive, look.live().virtual().notSeen().stream().collect(toSet()));
            },
            Check.BRIEFLY,
            patience(due.values(), last));
  }

  private WaitLimits patience(Collection<Due<W>> due, W last) {
    return WaitLimits.longest(
        Stream.concat(suspects.settingsOf(List.of(last)).stream(), due.stream().map(Due::settings))
            .map(CheckSettings::limits)
            .toList());
  }

  /** Notes what the suspects have started since, and forgets of reported threads what has ended. */
  private Look<W> noteAfter(W last) {
    Set<Long> reported = Set.copyOf(REPORTED);
    Look<W> look = suspects.appearedAfter(last);
    boolean seesAll = suspects.check().seesVirtualThreads() && look.live().virtual().isKnown();
    if (seesAll) { // else it would forget those that it cannot see
      reported.stream().filter(id -> !look.seen().contains(id)).forEach(REPORTED::remove);
    }
    return look;
  }

  /** Whether those who are to blame after all excuse the thread no more than the first did. */
  private boolean counts(Blame<W> blame, ThreadSample thread) {
    return suspects
        .settingsOf(blame.windows())
        .filter(own -> !own.excuses(thread) && own.ignoredBy(thread).isEmpty())
        .isPresent();
  }

  private Blame<W> blame(Map<Long, Due<W>> due, ThreadSample thread) {
    return requireNonNull(due.get(thread.id())).blame();
  }

  /**
   * The live suspects of windows that are over, in the order in which they were started; those that
   * have ended are forgotten.
   */
  private Map<Long, Due<W>> takeDue(Predicate<? super W> isOver, Look<W> look) {
    Map<Long, Due<W>> due = new TreeMap<>();
    if (look.windows().isEmpty()) {
      return due;
    }
    Map<Long, W> askedAbout = new TreeMap<>(look.windows());
    askedAbout
        .entrySet()
        .removeIf(suspect -> !blames.mayBeDue(suspect.getKey(), suspect.getValue(), isOver));
    Set<Long> alive = awaitBriefly(look.live(), askedAbout.keySet());
    Set<Long> settled = new HashSet<>();
    askedAbout.forEach(
        (id, noted) -> {
          if (!look.live().virtual().isKnown() && look.seen().virtual().contains(id)) {
            return; // the JVM could not tell this time
          }
          if (!alive.contains(id) || timeline.ranTests(id)) {
            settled.add(id);
            return;
          }
          Optional<Blame<W>> blame = blames.of(id, noted);
          if (blame.isEmpty()) {
            settled.add(id);
          } else if (blame.get().windows().stream().allMatch(isOver)) {
            settled.add(id);
            suspects
                .settingsOf(blame.get().windows())
                .ifPresent(settings -> due.put(id, new Due<>(blame.get(), settings)));
          }
        });
    suspects.remove(settled);
    return due;
  }

  /** Lets suspects end of which it would have to be asked who started them; returns who has not. */
  private Set<Long> awaitBriefly(ThreadListing live, Set<Long> ids) {
    List<LiveThread> asked =
        live.threads().stream().filter(thread -> ids.contains(thread.id())).toList();
    List<LiveThread> undecided =
        asked.stream()
            .filter(thread -> thread.thread() != null && timeline.isUndecided(thread.id()))
            .toList();
    if (!undecided.isEmpty()) {
      suspects.check().awaitEnd(undecided, BRIEFLY);
    }
    return asked.stream()
        .filter(thread -> thread.thread() == null || thread.thread().isAlive())
        .map(LiveThread::id)
        .collect(toSet());
  }

  private List<Suspect> stillAlive(Map<Long, Due<W>> due, ThreadListing live) {
    long current = LiveThreads.id(Thread.currentThread());
    List<Suspect> alive = new ArrayList<>();
    for (LiveThread thread : live.threads()) {
      Due<W> each = due.get(thread.id());
      if (each != null && thread.id() != current && !REPORTED.contains(thread.id())) {
        alive.add(new Suspect(thread, each.settings()));
      }
    }
    return alive;
  }
}
