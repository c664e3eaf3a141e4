package dev.leakverifier.report;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.Comparator.comparingLong;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Multimaps;
import dev.leakverifier.thread.ThreadSample;
import java.util.List;
import java.util.Optional;

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
