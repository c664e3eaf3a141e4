package dev.leakverifier.page;

import dev.leakverifier.check.Findings;
import dev.leakverifier.diagnosis.LeakGroup;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a whole run left behind: all reports, and the timeline of its threads.
 *
 * @param build what the reports of all JVMs of a build have in common, and no other's
 * @param start when it began to be watched
 * @param length until now
 * @param leaks in the order in which they were reported
 * @param leaksNotKept how many reports there were besides
 * @param threads in the order in which they were first seen
 * @param threadsNotKept how many more there were
 */
public record RunReport(
    String build,
    Instant start,
    Duration length,
    List<Leak> leaks,
    int leaksNotKept,
    List<ThreadLife> threads,
    int threadsNotKept) {
  /** Copies all. */
  public RunReport {
    leaks = List.copyOf(leaks);
    threads = List.copyOf(threads);
  }

  /**
   * What one test or fixture left behind.
   *
   * @param blamed its name; empty if that is not known
   */
  public record Leak(Optional<String> blamed, Findings findings, List<LeakGroup> groups) {
    /** Copies {@code groups}. */
    public Leak {
      groups = List.copyOf(groups);
    }

    /** How a heading names the test. */
    String title() {
      return blamed.orElse("no test");
    }
  }

  /** How many threads are leaked, of those that are kept. */
  int leaked() {
    return leaks.stream().mapToInt(leak -> leak.findings().leaked().size()).sum();
  }
}
