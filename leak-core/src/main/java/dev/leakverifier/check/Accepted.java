package dev.leakverifier.check;

import static java.util.stream.Collectors.toSet;

import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.thread.ThreadSample;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The leaks of one check that a file accepts: they are listed, and fail nothing.
 *
 * @param file where they are written down
 * @param groups what was found of them
 * @param elsewhere of leaks that are accepted, but not for this test, a line each that says so
 * @param trouble why the file could not be used, so that nothing is accepted; empty if it could
 */
public record Accepted(
    String file, List<LeakGroup> groups, List<String> elsewhere, Optional<String> trouble) {
  /** No file, and nothing accepted. */
  public static final Accepted NONE = new Accepted("", List.of(), List.of(), Optional.empty());

  /** Copies the lists. */
  public Accepted {
    groups = List.copyOf(groups);
    elsewhere = List.copyOf(elsewhere);
  }

  /** How many threads they are. */
  public int threads() {
    return groups.stream().mapToInt(group -> group.threads().size()).sum();
  }

  Set<Long> ids() {
    return groups.stream()
        .flatMap(group -> group.threads().stream())
        .map(ThreadSample::id)
        .collect(toSet());
  }
}
