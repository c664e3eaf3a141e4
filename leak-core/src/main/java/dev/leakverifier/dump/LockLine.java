package dev.leakverifier.dump;

import dev.leakverifier.thread.ThreadLock;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a line among a thread's frames says of a lock.
 *
 * @param lock null where the dump does not know which one
 */
record LockLine(Role role, @Nullable ThreadLock lock) {
  /** What the thread does with the lock. */
  enum Role {
    LOCKED,
    /** Holds an object that is no monitor, in a list of its own after the frames. */
    OWNED,
    ENTERS,
    /** Is parked for it, is in {@code wait}, or wants to go on after it. */
    WAITS,
    /** The compiler has done away with the lock, or the thread has none. */
    NONE
  }

  private static final Pattern LINE =
      Pattern.compile(
          "- (?<role>[Ll]ocked |waiting on |waiting to lock |waiting to re-lock in wait\\(\\) "
              + "|parking to wait for |eliminated |) ?<(?<id>[^<>]*)>(?: \\(a (?<class>.*?)\\))?"
              + "(?:, owner #(?<owner>\\d{1,18})| owned by \".*\" t@(?<holder>\\d{1,18}))?");

  private static final Pattern HEX = Pattern.compile("(?:0x)?\\p{XDigit}{1,16}");

  /** What {@code line}, without its indentation, says; null if it is none of a lock. */
  static @Nullable LockLine parse(String line, DumpBuilder dump) {
    if (line.equals("- None") || line.equals("- lock is eliminated")) {
      return new LockLine(Role.NONE, null);
    }
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return null;
    }
    Role role =
        switch (matcher.group("role").trim()) {
          case "locked", "Locked" -> Role.LOCKED;
          case "waiting to lock" -> Role.ENTERS;
          case "waiting on", "waiting to re-lock in wait()", "parking to wait for" -> Role.WAITS;
          case "" -> Role.OWNED;
          default -> Role.NONE;
        };
    ThreadLock lock = lock(matcher.group("id"), matcher.group("class"), dump);
    String owner = matcher.group(matcher.group("owner") == null ? "holder" : "owner");
    return new LockLine(
        role,
        lock == null || owner == null
            ? lock
            : lock.ownedBy(OptionalLong.of(Long.parseLong(owner))));
  }

  private static @Nullable ThreadLock lock(
      String id, @Nullable String className, DumpBuilder dump) {
    if (className != null) {
      return HEX.matcher(id).matches() ? dump.lock(className, id) : null; // "owner is scalar ..."
    }
    return id.indexOf('@') > 0 ? dump.lock(id) : null; // "no object reference available"
  }
}
