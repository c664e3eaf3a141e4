package dev.leakverifier.profile;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;
import static java.util.stream.Collectors.toSet;

import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.diagnosis.Observation;
import dev.leakverifier.thread.KnownThread;
import dev.leakverifier.thread.ThreadSample;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  private record Key(LeakGroup.Key group, boolean jvm) {
    static Key of(ProfileGroup group) {
      return new Key(
          LeakGroup.Key.of(group.fingerprint(), group.diagnosis()), group.jvm().isPresent());
    }
  }

  static List<ProfileGroup> of(Collection<ThreadSample> threads) {
    return LeakGroup.of(Observation.ofAll(threads)).stream()
        .map(
            group ->
                new ProfileGroup(
                    group.fingerprint(),
                    group.diagnosis(),
                    jvmReason(group.threads()),
                    group.threads(),
                    List.of()))
        .sorted(ORDER)
        .toList();
  }

  /** The groups that have grown or shrunk. */
  static List<ProfileGroup> difference(List<ProfileGroup> later, List<ProfileGroup> earlier) {
    Map<Key, ProfileGroup> now = byKey(later);
    Map<Key, ProfileGroup> before = byKey(earlier);
    return Stream.concat(now.keySet().stream(), before.keySet().stream())
        .distinct()
        .map(key -> difference(now.get(key), before.get(key)))
        .filter(group -> group.count() != 0)
        .sorted(ORDER)
        .toList();
  }

  /** How a group has changed; it is in at least one of the two profiles. */
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

  private static List<ThreadSample> without(
      @Nullable ProfileGroup group, @Nullable ProfileGroup other) {
    Set<Long> ids = threads(other).stream().map(ThreadSample::id).collect(toSet());
    return threads(group).stream().filter(thread -> !ids.contains(thread.id())).toList();
  }

  private static List<ThreadSample> threads(@Nullable ProfileGroup group) {
    return group == null ? List.of() : group.threads();
  }

  private static Map<Key, ProfileGroup> byKey(List<ProfileGroup> groups) {
    Map<Key, ProfileGroup> byKey = new LinkedHashMap<>();
    groups.forEach(group -> byKey.put(Key.of(group), group));
    return byKey;
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
