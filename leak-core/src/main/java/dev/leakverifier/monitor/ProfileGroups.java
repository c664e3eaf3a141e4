package dev.leakverifier.monitor;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;
import static java.util.Comparator.comparingLong;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Multimaps;
import com.google.common.collect.Sets;
import dev.leakverifier.report.Fingerprint;
import dev.leakverifier.report.LeakGroup;
import dev.leakverifier.report.LeakKind;
import dev.leakverifier.report.Observation;
import dev.leakverifier.thread.KnownThread;
import dev.leakverifier.thread.ThreadLock;
import dev.leakverifier.thread.ThreadSample;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the groups of a profile, and of the difference between two. */
final class ProfileGroups {
  /** The application's before the JVM's, then the biggest first; the rest makes it repeatable. */
  private static final Comparator<ProfileGroup> ORDER =
      comparing((ProfileGroup group) -> group.jvm().isPresent())
          .thenComparing(comparingInt(ProfileGroup::count).reversed())
          .thenComparing(ProfileGroup::name)
          .thenComparing(group -> group.fingerprint().toString())
          .thenComparing(group -> group.diagnosis().fix());

  private ProfileGroups() {}

  /** What makes a group the same one in two profiles. */
  private record Key(Fingerprint fingerprint, LeakKind kind, String fix, boolean jvm) {
    static Key of(ProfileGroup group) {
      return new Key(
          group.fingerprint(),
          group.diagnosis().kind(),
          group.diagnosis().fix(),
          group.jvm().isPresent());
    }
  }

  /** Everything that a diagnosis and a fingerprint are made from. */
  private record Look(
      List<StackTraceElement> frames,
      String name,
      Thread.State state,
      String threadClass,
      boolean virtual,
      boolean daemon,
      boolean interrupted,
      String group,
      Optional<String> owner,
      Optional<String> createdBy,
      Optional<String> lock,
      List<ThreadSample> holders) {
    static Look of(Observation seen) {
      ThreadSample thread = seen.thread();
      return new Look(
          thread.frames(),
          Fingerprint.foldedName(thread.name()),
          thread.state(),
          thread.threadClass(),
          thread.isVirtual(),
          thread.isDaemon(),
          thread.isInterrupted(),
          thread.groupName(),
          thread.owner(),
          thread.createdBy(),
          thread.lock().map(ThreadLock::className),
          seen.holders());
    }
  }

  /** There may be thousands that look alike: one of each is judged for all. */
  static ImmutableList<ProfileGroup> of(Collection<ThreadSample> threads) {
    ImmutableListMultimap<Look, Observation> looks =
        Multimaps.index(Observation.ofAll(threads), Look::of);
    ImmutableMap<ThreadSample, List<ThreadSample>> alike =
        looks.asMap().values().stream()
            .map(each -> each.stream().map(Observation::thread).toList())
            .collect(toImmutableMap(each -> each.get(0), each -> each));
    List<Observation> examples =
        looks.asMap().values().stream().map(each -> each.iterator().next()).toList();
    return LeakGroup.of(examples).stream()
        .map(group -> group(group, alike))
        .sorted(ORDER)
        .collect(toImmutableList());
  }

  private static ProfileGroup group(
      LeakGroup examples, ImmutableMap<ThreadSample, List<ThreadSample>> alike) {
    List<ThreadSample> threads =
        examples.threads().stream()
            .flatMap(example -> alike.getOrDefault(example, List.of()).stream())
            .sorted(comparingLong(ThreadSample::id))
            .toList();
    return new ProfileGroup(
        examples.fingerprint(),
        examples.diagnosis(),
        jvmReason(threads),
        threads,
        ImmutableList.of());
  }

  /** The groups that have grown or shrunk. */
  static ImmutableList<ProfileGroup> difference(
      List<ProfileGroup> later, List<ProfileGroup> earlier) {
    ImmutableMap<Key, ProfileGroup> now = byKey(later);
    ImmutableMap<Key, ProfileGroup> before = byKey(earlier);
    return Sets.union(now.keySet(), before.keySet()).stream()
        .map(key -> difference(now.get(key), before.get(key)))
        .filter(group -> group.count() != 0)
        .sorted(ORDER)
        .collect(toImmutableList());
  }

  /** One of the two at least is there. */
  private static ProfileGroup difference(
      @Nullable ProfileGroup now, @Nullable ProfileGroup before) {
    ProfileGroup any =
        Stream.of(Optional.ofNullable(now), Optional.ofNullable(before))
            .flatMap(Optional::stream)
            .findFirst()
            .orElseThrow();
    return new ProfileGroup(
        any.fingerprint(), any.diagnosis(), any.jvm(), without(now, before), without(before, now));
  }

  private static ImmutableList<ThreadSample> without(
      @Nullable ProfileGroup group, @Nullable ProfileGroup other) {
    ImmutableSet<Long> ids =
        threads(other).stream().map(ThreadSample::id).collect(toImmutableSet());
    return threads(group).stream()
        .filter(thread -> !ids.contains(thread.id()))
        .collect(toImmutableList());
  }

  private static List<ThreadSample> threads(@Nullable ProfileGroup group) {
    return group == null ? ImmutableList.of() : group.threads();
  }

  private static ImmutableMap<Key, ProfileGroup> byKey(List<ProfileGroup> groups) {
    return groups.stream().collect(toImmutableMap(Key::of, group -> group));
  }

  /** Empty unless all are the JVM's own. The main thread is what the application is about. */
  private static Optional<String> jvmReason(List<ThreadSample> threads) {
    return threads.stream().allMatch(thread -> known(thread).isPresent())
        ? known(threads.get(0)).map(KnownThread::reason)
        : Optional.empty();
  }

  private static Optional<KnownThread> known(ThreadSample thread) {
    return KnownThread.of(thread).filter(known -> known != KnownThread.MAIN);
  }
}
