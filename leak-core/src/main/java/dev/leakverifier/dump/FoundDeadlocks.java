package dev.leakverifier.dump;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the JVM says after the threads of the deadlocks that it has found itself: for each of
 * their threads the lock that it waits for, and which thread holds that; then once more the stacks.
 */
final class FoundDeadlocks {
  private static final Pattern LOCK =
      Pattern.compile(
          "waiting (?:to lock|for) .*(?:\\(object |synchronizer )(?<lock>0x\\p{XDigit}+), .*");
  private static final Pattern HOLDER =
      Pattern.compile("(?:in JNI, )?which is held by \"(?<name>.*)\"");

  private final DumpBuilder dump;
  private @Nullable String lock; // of the line before

  FoundDeadlocks(DumpBuilder dump) {
    this.dump = dump;
  }

  /** Whether {@code line} is the heading of a deadlock. */
  static boolean isHeading(String line) {
    return line.startsWith("Found ") && line.endsWith(" Java-level deadlock:");
  }

  /** Takes a line, without its indentation, and says whether there is more to come. */
  boolean accept(String line) {
    if (line.startsWith("Found ") && !isHeading(line)) {
      return false; // "Found 2 deadlocks."
    }
    Matcher holder = HOLDER.matcher(line);
    if (lock != null && holder.matches()) {
      dump.heldBy(lock, holder.group("name"));
    }
    Matcher waits = LOCK.matcher(line);
    lock = waits.matches() ? waits.group("lock") : null;
    return true;
  }
}
