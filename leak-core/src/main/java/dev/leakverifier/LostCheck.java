package dev.leakverifier;

import dev.leakverifier.host.Guard;
import dev.leakverifier.host.Log;
import dev.leakverifier.host.Lost;
import dev.leakverifier.settings.Policy;
import dev.leakverifier.text.Names;
import java.util.List;
import java.util.function.Supplier;

/**
 * A check that an {@code Error} has ended: a class is missing, or there is no memory. Where leaks
 * are only warned of, that fails no test, either. What a user's predicate throws is no such error.
 */
final class LostCheck {
  private static final Log LOG = Log.of(LostCheck.class);
  private static final int MAX_NAMES = 10;

  private LostCheck() {}

  /**
   * What {@code check} gives, or else, if all leaks pass, {@code without}.
   *
   * @param names of the threads that were to be judged, as far as they are known
   */
  static <T> T unless(
      Policy policy, Supplier<? extends T> check, T without, Supplier<List<String>> names) {
    try {
      return check.get();
    } catch (Error e) {
      failUnlessWarning(policy, e, names);
      return without;
    }
  }

  /** Throws {@code error}, or if all leaks pass, logs it. */
  static void failUnlessWarning(Policy policy, Error error, Supplier<List<String>> names) {
    if (!policy.letsAllPass()) {
      throw error;
    }
    LOG.warn(
        "{}; threads that were not judged: {}",
        new Lost("a check for leaked threads", error),
        Guard.make("their names", () -> text(names.get()), lost -> lost.toString()));
  }

  private static String text(List<String> names) {
    return names.isEmpty() ? "not known" : Names.list(names, MAX_NAMES);
  }
}
