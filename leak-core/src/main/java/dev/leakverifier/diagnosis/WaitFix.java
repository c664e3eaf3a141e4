package dev.leakverifier.diagnosis;

import java.util.List;
import java.util.stream.Stream;

/**
 * What lets a thread go that waits, without what was done already.
 *
 * @param always what helps in any case
 * @param interruption helps a thread that was not interrupted; empty if none
 * @param timeout helps a thread that waits without one; empty if there is none to give
 */
record WaitFix(String always, String interruption, String timeout) {
  private static final String INTERRUPT = "interrupt() it";

  static WaitFix of(String always) {
    return new WaitFix(always, "", "");
  }

  WaitFix orInterrupt() {
    return orInterrupt(INTERRUPT);
  }

  WaitFix orInterrupt(String how) {
    return new WaitFix(always, how, timeout);
  }

  WaitFix orTimeout(String how) {
    return new WaitFix(always, interruption, how);
  }

  /** The fix for a thread that waits with a timeout, or that was interrupted, or neither. */
  String text(boolean withTimeout, boolean interrupted) {
    List<String> ways =
        Stream.of(always, interrupted ? "" : interruption, withTimeout ? "" : timeout)
            .filter(way -> !way.isEmpty())
            .toList();
    int last = ways.size() - 1;
    return last == 0 ? always : String.join(", ", ways.subList(0, last)) + ", or " + ways.get(last);
  }
}
