package dev.leakverifier.diagnosis;

import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import dev.leakverifier.host.Guard;
import dev.leakverifier.host.Lost;
import dev.leakverifier.thread.ThreadSample;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Equal leaks: threads with the same fingerprint and the same diagnosis.
 *
 * <pre>{@code
 * report.groups().forEach(group -> System.err.println(group.diagnosis().fix()));
 * }</pre>
 *
 * @param fingerprint what they have in common, the same from run to run
 * @param diagnosis why they are there; figures in it are those of the first
 * @param threads in the order in which they were started; at least one
 * @param ignore what to write in order to ignore them; empty if nothing would fit them alone
 */
public record LeakGroup(
    Fingerprint fingerprint,
    Diagnosis diagnosis,
    List<ThreadSample> threads,
    Optional<IgnoreLine> ignore) {

  /** Copies {@code threads}. */
  public LeakGroup {
    threads = List.copyOf(threads);
  }

  /** The function of the test, fixture or task that led to the start of the first thread. */
  public String calledFrom() {
    return threads
        .get(0)
        .origin()
        .flatMap(Fingerprint::caller)
        .or(() -> threads.get(0).createdBy())
        .orElse("here");
  }

  /** The fingerprints by which these leaks may be known: also those that there once were. */
  public Set<Fingerprint> knownAs() {
    return threads.stream()
        .flatMap(
            thread ->
                Stream.concat(
                    Stream.of(Fingerprint.of(thread, /* moves= */ true)),
                    Fingerprint.earlier(thread).stream()))
        .collect(toSet());
  }

  /**
   * What makes leaks equal.
   *
   * @param fingerprint the group's
   * @param kind that of its diagnosis
   * @param fix that of its diagnosis
   */
  public record Key(Fingerprint fingerprint, LeakKind kind, String fix) {
    /** The key of leaks with this fingerprint and diagnosis. */
    public static Key of(Fingerprint fingerprint, Diagnosis diagnosis) {
      return new Key(fingerprint, diagnosis.kind(), diagnosis.fix());
    }
  }

  /** What this group's leaks have in common, and those of no other group of the same check. */
  public Key key() {
    return Key.of(fingerprint, diagnosis);
  }

  /** Threads that look alike, and what is found of the first. */
  private record Alike(Key key, Diagnosis diagnosis, boolean moves, List<ThreadSample> threads) {
    static Alike of(Collection<Observation> seen) {
      Observation first = seen.iterator().next();
      Diagnosis diagnosis =
          Guard.make("the diagnosis", () -> Diagnoses.of(first), Diagnosis::without);
      boolean moves =
          first.watched().moved()
              || diagnosis.kind() == LeakKind.BUSY_LOOP
              || diagnosis.kind() == LeakKind.STOPPING;
      return new Alike(
          Key.of(Fingerprint.of(first.thread(), moves), diagnosis),
          diagnosis,
          moves,
          seen.stream().map(Observation::thread).toList());
    }

    ThreadSample example() {
      return threads.get(0);
    }
  }

  /**
   * Groups what was seen, in the order in which the first of each was started. There may be
   * thousands that look alike: one of each is judged for all. Where it cannot be told which do,
   * each is a group.
   */
  public static List<LeakGroup> of(List<Observation> leaked) {
    return Guard.make(
        "what they have in common",
        () -> ofAlike(leaked),
        lost -> leaked.stream().map(seen -> ofOne(seen.thread(), lost)).toList());
  }

  private static LeakGroup ofOne(ThreadSample thread, Lost lost) {
    return new LeakGroup(
        Fingerprint.NONE, Diagnosis.without(lost), List.of(thread), Optional.empty());
  }

  private static List<LeakGroup> ofAlike(List<Observation> leaked) {
    Map<Look, List<Observation>> looks =
        leaked.stream()
            .sorted(comparingLong(seen -> seen.thread().id()))
            .collect(groupingBy(Look::of, LinkedHashMap::new, toList()));
    return looks.values().stream()
        .map(Alike::of)
        .collect(groupingBy(Alike::key, LinkedHashMap::new, toList()))
        .values()
        .stream()
        .map(LeakGroup::ofEqual)
        .toList();
  }

  private static LeakGroup ofEqual(Collection<Alike> all) {
    Alike first = all.iterator().next();
    return new LeakGroup(
        first.key().fingerprint(),
        first.diagnosis(),
        all.stream()
            .flatMap(alike -> alike.threads().stream())
            .sorted(comparingLong(ThreadSample::id))
            .toList(),
        Guard.make(
            "the line that ignores it",
            () -> IgnoreLine.of(all.stream().map(Alike::example).toList(), first.moves()),
            lost -> Optional.empty()));
  }
}
