package dev.leakverifier.report;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.util.Comparator.comparingLong;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Multimaps;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
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
    threads = ImmutableList.copyOf(threads);
  }

  /**
   * What it is, in one line of ASCII that is the same from run to run, e.g. {@code idle pool worker
   * "pool-*-thread-*", started by com.acme.Pool.submit}.
   */
  public String summary() {
    ThreadSample first = threads.get(0);
    String place =
        first
            .createdBy()
            .map(function -> ", started by " + Fingerprint.fold(function))
            .or(
                () ->
                    StackShape.of(first)
                        .top()
                        .map(frame -> ", in " + Fingerprint.fold(StackFrames.function(frame))))
            .orElse("");
    return diagnosis.kind().label()
        + " "
        + Names.quoted(Fingerprint.foldedName(first.name()))
        + Names.ascii(place);
  }

  /**
   * Which of {@code known} are this leak, as far as can be told.
   *
   * <p>Whether a thread moves shows only if it is looked at often enough; so it may have been known
   * by where it stood, and now be known by what it runs, or the other way round.
   */
  public List<Fingerprint> among(Collection<Fingerprint> known) {
    ImmutableSet<Fingerprint> possible =
        threads.stream()
            .flatMap(
                thread -> Stream.of(Fingerprint.of(thread, true), Fingerprint.of(thread, false)))
            .collect(toImmutableSet());
    return known.stream()
        .filter(each -> possible.stream().anyMatch(each::matches))
        .collect(toImmutableList());
  }

  private record Key(Fingerprint fingerprint, LeakKind kind, String fix) {}

  private record Diagnosed(Observation seen, Diagnosis diagnosis, boolean moves) {
    static Diagnosed of(Observation seen) {
      Diagnosis diagnosis = Diagnoses.of(seen);
      boolean moves =
          seen.watched().moved()
              || diagnosis.kind() == LeakKind.BUSY_LOOP
              || diagnosis.kind() == LeakKind.STOPPING;
      return new Diagnosed(seen, diagnosis, moves);
    }

    Key key() {
      return new Key(Fingerprint.of(seen.thread(), moves), diagnosis.kind(), diagnosis.fix());
    }
  }

  /** Groups what was seen, in the order in which the first of each was started. */
  public static List<LeakGroup> of(List<Observation> leaked) {
    ImmutableListMultimap<Key, Diagnosed> groups =
        Multimaps.index(
            leaked.stream()
                .sorted(comparingLong(seen -> seen.thread().id()))
                .map(Diagnosed::of)
                .toList(),
            Diagnosed::key);
    return groups.asMap().entrySet().stream()
        .map(group -> of(group.getKey(), ImmutableList.copyOf(group.getValue())))
        .collect(toImmutableList());
  }

  private static LeakGroup of(Key key, ImmutableList<Diagnosed> members) {
    ImmutableList<ThreadSample> threads =
        members.stream().map(member -> member.seen().thread()).collect(toImmutableList());
    Diagnosed first = members.get(0);
    return new LeakGroup(
        key.fingerprint(), first.diagnosis(), threads, IgnoreLine.of(threads, first.moves()));
  }
}
