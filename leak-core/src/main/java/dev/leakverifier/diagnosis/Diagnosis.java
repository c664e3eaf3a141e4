package dev.leakverifier.diagnosis;

import dev.leakverifier.host.Lost;
import java.util.List;

/**
 * Why a thread is still there, and what would have ended it.
 *
 * @param kind what sort of leak it is
 * @param why what was observed, as a statement about one thread; says "looks like" where that is
 *     not certain
 * @param fix the call that was forgotten, or what to change
 * @param details more lines, e.g. who holds the lock, and where that thread stands
 */
public record Diagnosis(LeakKind kind, String why, String fix, List<String> details) {
  /** Copies {@code details}. */
  public Diagnosis {
    details = List.copyOf(details);
  }

  Diagnosis(LeakKind kind, String why, String fix) {
    this(kind, why, fix, List.of());
  }

  /** What can be said where no rule could be asked. */
  static Diagnosis without(Lost lost) {
    return new Diagnosis(LeakKind.UNKNOWN, "not told, since " + lost, "see its stack");
  }

  /** This diagnosis with one more thing to do. */
  Diagnosis alsoFixedBy(String call) {
    return new Diagnosis(kind, why, fix + "; " + call, details);
  }
}
