package dev.leakverifier.check;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.leakverifier.diagnosis.Observation;
import dev.leakverifier.heap.LastingHolder;
import dev.leakverifier.thread.LibraryThread;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What a check found.
 *
 * @param leaked the threads that are left, as they were when the check gave up waiting for them
 * @param shared threads of libraries that nobody can stop, and so no leak
 * @param held by id, the threads of what is held as long as the JVM lives by design, and so no leak
 * @param ignored how many threads each option of the user's has ignored
 * @param waited how long the check waited for threads to end
 * @param collected whether a garbage collection was asked for, which ends threads whose owner is
 *     unreachable
 * @param notSeenOfAny what the JVM could not tell of any thread, each in a line
 * @param starterNotSeen why it is not known who started some of the {@code leaked}; empty if it is
 * @param accepted leaks that fail nothing; they are not among the {@code leaked}
 */
public record Findings(
    List<Observation> leaked,
    List<ThreadSample> shared,
    Map<Long, LastingHolder> held,
    Map<String, Integer> ignored,
    Duration waited,
    boolean collected,
    Set<String> notSeenOfAny,
    Optional<String> starterNotSeen,
    Accepted accepted) {
  /** Copies all. */
  public Findings {
    leaked = List.copyOf(leaked);
    shared = List.copyOf(shared);
    held = Map.copyOf(held);
    ignored = Collections.unmodifiableMap(new LinkedHashMap<>(ignored));
    notSeenOfAny = Collections.unmodifiableSet(new LinkedHashSet<>(notSeenOfAny));
  }

  /** What a check found of which nothing was accepted, and nobody was asked who holds it. */
  public Findings(
      List<Observation> leaked,
      List<ThreadSample> shared,
      Map<String, Integer> ignored,
      Duration waited,
      boolean collected,
      Set<String> notSeen) {
    this(
        leaked,
        shared,
        Map.of(),
        ignored,
        waited,
        collected,
        notSeen,
        Optional.empty(),
        Accepted.NONE);
  }

  /** What a check found that had nothing to look at. */
  public static final Findings NONE =
      new Findings(List.of(), List.of(), Map.of(), Duration.ZERO, /* collected= */ false, Set.of());

  /** Threads that were looked at once. */
  static Findings of(List<ThreadSample> threads) {
    return new Findings(
        threads.stream().map(Observation::of).toList(),
        List.of(),
        Map.of(),
        Duration.ZERO,
        /* collected= */ false,
        Set.of());
  }

  /** These findings, of which the JVM could not tell something. */
  public Findings without(Set<String> notSeen) {
    if (notSeen.isEmpty()) {
      return this;
    }
    return new Findings(
        leaked,
        shared,
        held,
        ignored,
        waited,
        collected,
        both(notSeenOfAny, notSeen),
        starterNotSeen,
        accepted);
  }

  /**
   * These findings, and why it is not known who started some threads of them, if it is so; that may
   * only show when they are asked for.
   */
  public Findings withoutStarters(Supplier<String> why) {
    if (areStartersKnown()) {
      return this;
    }
    return new Findings(
        leaked,
        shared,
        held,
        ignored,
        waited,
        collected,
        notSeenOfAny,
        Optional.of(why.get()),
        accepted);
  }

  /** What the JVM could not tell, each in a line: of any thread, and of one of these. */
  public Set<String> notSeen() {
    return starterNotSeen.isEmpty() || areStartersKnown()
        ? notSeenOfAny
        : both(notSeenOfAny, Set.of(starterNotSeen.get()));
  }

  /** But for virtual threads, of which no JVM tells who started them. */
  private boolean areStartersKnown() {
    return leaked.stream()
        .map(Observation::thread)
        .allMatch(thread -> thread.isVirtual() || thread.origin().isPresent());
  }

  /** These findings and those of a check right after it. */
  public Findings and(Findings later) {
    Map<String, Integer> bothIgnored = new LinkedHashMap<>(ignored);
    later.ignored.forEach((option, count) -> bothIgnored.merge(option, count, Integer::sum));
    Map<Long, LastingHolder> bothHeld = new HashMap<>(held);
    bothHeld.putAll(later.held);
    return new Findings(
        both(leaked, later.leaked),
        both(shared, later.shared),
        bothHeld,
        bothIgnored,
        waited.plus(later.waited),
        collected || later.collected,
        both(notSeenOfAny, later.notSeenOfAny),
        starterNotSeen.or(() -> later.starterNotSeen),
        accepted);
  }

  /** The part of these findings that concerns only some of the threads. */
  public Findings of(List<Observation> leaked, List<ThreadSample> shared) {
    return new Findings(
        leaked, shared, held, ignored, waited, collected, notSeenOfAny, starterNotSeen, accepted);
  }

  /** The same, where these threads are held so. */
  public Findings withHeld(Map<Long, LastingHolder> held) {
    return new Findings(
        leaked, shared, held, ignored, waited, collected, notSeenOfAny, starterNotSeen, accepted);
  }

  /** These findings without those leaks whose threads have ended since, or are none after all. */
  public Findings withoutLeaks(Set<Long> ids) {
    return of(leaked.stream().filter(seen -> !ids.contains(seen.thread().id())).toList(), shared);
  }

  /** These findings, of which some leaks are accepted, and so do not count. */
  public Findings accepting(Accepted accepted) {
    Set<Long> ids = accepted.ids();
    return new Findings(
        leaked.stream().filter(seen -> !ids.contains(seen.thread().id())).toList(),
        shared,
        held,
        ignored,
        waited,
        collected,
        notSeenOfAny,
        starterNotSeen,
        accepted);
  }

  /** The threads that are left. */
  public List<ThreadSample> threads() {
    return leaked.stream().map(Observation::thread).toList();
  }

  /** How many of the shared threads each library has. */
  public Map<LibraryThread, Long> sharedByLibrary() {
    return shared.stream()
        .flatMap(thread -> LibraryThread.of(thread).stream())
        .collect(groupingBy(library -> library, TreeMap::new, counting()));
  }

  /** How many threads each has of those that hold something as long as the JVM lives. */
  public Map<LastingHolder, Long> heldByHolder() {
    return held.values().stream().collect(groupingBy(holder -> holder, TreeMap::new, counting()));
  }

  private static <T> List<T> both(List<T> earlier, List<T> later) {
    return Stream.concat(earlier.stream(), later.stream()).toList();
  }

  private static Set<String> both(Set<String> earlier, Set<String> later) {
    Set<String> both = new LinkedHashSet<>(earlier);
    both.addAll(later);
    return both;
  }
}
