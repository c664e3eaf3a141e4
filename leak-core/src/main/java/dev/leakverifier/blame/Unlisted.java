package dev.leakverifier.blame;

import dev.leakverifier.jvm.ThreadClock;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * In which windows virtual threads were made since they were last listed. To list them is dear, and
 * not needed before a verdict: by its id, each thread then tells when it was made.
 */
final class Unlisted<W> {
  /** So many are kept; of what is older, the oldest that is kept has to answer for it. */
  private static final int MOST = 2_000;

  /** Nobody has to answer for what was made while there was no window. */
  private record Made<W>(ThreadClock by, Optional<W> window) {}

  private final NavigableMap<Long, Made<W>> byLastId = new TreeMap<>();
  private ThreadClock noted;
  private ThreadClock quiet;

  /** From {@code start} on. */
  Unlisted(ThreadClock start) {
    this.noted = start;
    this.quiet = start;
  }

  /** Notes the time; returns whether virtual threads were made since, which are nobody's so far. */
  boolean note(ThreadClock now) {
    noted = now;
    if (now.isQuietSince(quiet)) {
      return false;
    }
    quiet = now;
    byLastId.put(now.lastId(), new Made<>(now, Optional.empty()));
    if (byLastId.size() > MOST) {
      byLastId.pollFirstEntry();
    }
    return true;
  }

  /** Says that those are of {@code window} that were made before the last note. */
  void areOf(W window) {
    byLastId.replace(noted.lastId(), new Made<>(noted, Optional.of(window)));
  }

  /** The time of the last note. */
  ThreadClock noted() {
    return noted;
  }

  /** Says that all were listed that had been made at that time. */
  void listed(ThreadClock at) {
    byLastId.clear();
    quiet = at;
  }

  /** The window in which a thread was made; {@code last} if it was made after the last note. */
  Optional<W> windowOf(long threadId, Optional<W> last) {
    Map.Entry<Long, Made<W>> made = byLastId.ceilingEntry(threadId);
    if (made == null && threadId <= noted.lastId()) {
      made = byLastId.lastEntry(); // it was started later
    }
    return made == null ? last : made.getValue().window();
  }

  /** Whether any are of a window like this. */
  boolean isAny(BiPredicate<ThreadClock, ? super W> which) {
    return byLastId.values().stream()
        .anyMatch(
            made -> made.window().filter(window -> which.test(made.by(), window)).isPresent());
  }

  /** The windows, by the last id that was given when they were noted. */
  Map<Long, W> windows() {
    Map<Long, W> windows = new TreeMap<>();
    byLastId.forEach(
        (lastId, made) -> made.window().ifPresent(window -> windows.put(lastId, window)));
    return windows;
  }

  int size() {
    return byLastId.size();
  }
}
