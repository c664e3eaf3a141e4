package dev.leakverifier.monitor;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;

import dev.leakverifier.diagnosis.Diagnosis;
import dev.leakverifier.diagnosis.Fingerprint;
import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.report.GroupText;
import dev.leakverifier.thread.ThreadSample;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * By how much each group of equal threads has grown since the start.
 *
 * <p>Of the threads of the start only the names are known, since their stacks are never read; so a
 * group has grown at most by as much as all threads of its name. A pool whose workers are replaced
 * has not grown.
 */
final class GroupTally {
  /** Stands for the names of virtual threads: of those of the start not even these are known. */
  private static final String VIRTUAL = "(virtual)";

  private final Map<LeakGroup.Key, Member> groups = new HashMap<>();

  /** How many more of a folded name there are; those by which nothing has changed are left out. */
  private final Map<String, Integer> byName = new HashMap<>();

  /** What is kept of a group, and so of each thread in it. */
  static final class Member {
    private final LeakGroup.Key key;
    private final String name;
    private final String text;
    private final Diagnosis diagnosis;
    private int count;

    Member(LeakGroup group) {
      this.key = group.key();
      this.name = name(group.threads().get(0));
      this.text = GroupText.line(group);
      this.diagnosis = group.diagnosis();
    }
  }

  /** What the threads of {@code group} are to be kept as; each has to be counted. */
  Member of(LeakGroup group) {
    Member known = groups.get(group.key());
    return known != null ? known : new Member(group);
  }

  /** One more is there. */
  void came(Member member) {
    member.count++;
    groups.put(member.key, member);
    change(member.name, 1);
  }

  /** One of those has ended. */
  void went(Member member) {
    if (--member.count == 0) {
      groups.remove(member.key);
    }
    change(member.name, -1);
  }

  /** One has ended that was there at the start. */
  void wentFromStart(@Nullable String name) {
    change(name == null ? VIRTUAL : Fingerprint.foldedName(name), -1);
  }

  private void change(String name, int by) {
    byName.merge(name, by, (now, more) -> now + more == 0 ? null : now + more);
  }

  /** What has grown, most grown first. */
  List<GrownGroup> grown() {
    return groups.values().stream()
        .filter(group -> growth(group) > 0)
        .map(
            group ->
                new GrownGroup(growth(group), group.text, group.diagnosis, group.key.fingerprint()))
        .sorted(
            comparingInt(GrownGroup::growth).reversed().thenComparing(comparing(GrownGroup::text)))
        .toList();
  }

  private int growth(Member group) {
    return Math.min(group.count, byName.getOrDefault(group.name, 0));
  }

  private static String name(ThreadSample thread) {
    return thread.isVirtual() ? VIRTUAL : Fingerprint.foldedName(thread.name());
  }
}
