package dev.leakverifier.dump;

import com.google.common.base.Ascii;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a line among a thread's frames says of a lock.
 *
 * @param lock null where the dump does not know which one
 * @param ownerId the id of the thread that holds the lock; 0 if the line does not tell
 */
record LockLine(Role role, @Nullable DumpedLock lock, long ownerId) {
  /** What the thread does with the lock. */
  enum Role {
    LOCKED,
    /** Holds an object that is no monitor, in a list of its own after the frames. */
    OWNED,
    ENTERS,
    WAITS,
    /** Is in {@code wait}, or wants to go on after it: the thread's state tells. */
    WAITS_OR_REENTERS,
    PARKS,
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
      return new LockLine(Role.NONE, null, 0);
    }
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return null;
    }
    Role role =
        switch (Ascii.toLowerCase(matcher.group("role").trim())) {
          case "locked" -> Role.LOCKED;
          case "waiting on" -> Role.WAITS;
          case "waiting to lock" -> Role.ENTERS;
          case "waiting to re-lock in wait()" -> Role.WAITS_OR_REENTERS;
          case "parking to wait for" -> Role.PARKS;
          case "" -> Role.OWNED;
          default -> Role.NONE;
        };
    String owner = matcher.group(matcher.group("owner") == null ? "holder" : "owner");
    return new LockLine(
        role,
        lock(matcher.group("id"), matcher.group("class"), dump),
        owner == null ? 0 : Long.parseLong(owner));
  }

  private static @Nullable DumpedLock lock(
      String id, @Nullable String className, DumpBuilder dump) {
    if (className != null) {
      return HEX.matcher(id).matches() ? dump.lock(id, className) : null; // "owner is scalar ..."
    }
    return id.indexOf('@') > 0 ? dump.lock(id) : null; // "no object reference available"
  }
}
