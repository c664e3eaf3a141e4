package dev.leakverifier.profile;

import dev.leakverifier.diagnosis.Diagnosis;
import dev.leakverifier.diagnosis.Fingerprint;
import dev.leakverifier.thread.ThreadSample;
import java.util.List;
import java.util.Optional;

/**
 * Equal threads of a profile: with the same fingerprint and the same diagnosis.
 *
 * <pre>{@code
 * for (ProfileGroup group : ThreadProfile.capture().minus(earlier).groups()) {
 *   log.info("{} more in {}", group.count(), group.threads().get(0).topFunction());
 * }
 * }</pre>
 *
 * @param fingerprint what they have in common, the same from run to run and as in a leak report
 * @param diagnosis what kind of leak they would be, if nobody needed them any more
 * @param jvm why the JVM itself has them; empty if they are the application's
 * @param threads those that there are, in the order in which they were started; in a difference
 *     those that have come to the group
 * @param gone in a difference, those that have left the group; else empty
 */
public record ProfileGroup(
    Fingerprint fingerprint,
    Diagnosis diagnosis,
    Optional<String> jvm,
    List<ThreadSample> threads,
    List<ThreadSample> gone) {
  /** Copies the lists, of which one at least has a thread. */
  public ProfileGroup {
    threads = List.copyOf(threads);
    gone = List.copyOf(gone);
  }

  /** How many there are; in a difference how many more, which is negative if the group shrank. */
  public int count() {
    return threads.size() - gone.size();
  }

  /** One that stands for all. */
  ThreadSample example() {
    return threads.isEmpty() ? gone.get(0) : threads.get(0);
  }

  /** The name that they have in common: with {@code *} for each number. */
  String name() {
    return Fingerprint.foldedName(example().name());
  }
}
