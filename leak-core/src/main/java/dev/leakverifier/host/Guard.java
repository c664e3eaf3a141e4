package dev.leakverifier.host;

import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Makes what no verdict may depend on: a part of a report, a file, what a user's class says of
 * itself. What goes wrong costs that part, and whoever asked for it gets a line to tell.
 *
 * <pre>{@code
 * String text =
 *     Guard.make("the text", () -> textOf(report), lost -> namesAndStacks(report) + lost);
 * }</pre>
 *
 * <p>Catches all that can be thrown. A class may be missing or of another version, a disk full, a
 * {@code toString} of the user's broken. Also a stack or a heap that is too small: what was half
 * made is garbage by then, and what takes its place is small.
 */
public final class Guard {
  private static final Log LOG = Log.of(Guard.class);

  private Guard() {}

  /** Makes a part. */
  public interface Maker<T> {
    /** Makes it, or fails. */
    T make() throws Exception;
  }

  /** Does what has no result. */
  public interface Action {
    /** Does it, or fails. */
    void run() throws Exception;
  }

  /**
   * What {@code maker} makes, or else what {@code without} does without it.
   *
   * @param part what is made, as a line calls it: "the text of this report"
   */
  public static <T> T make(
      String part, Maker<? extends T> maker, Function<? super Lost, ? extends T> without) {
    try {
      return maker.make();
    } catch (Throwable e) {
      return without.apply(lost(part, e));
    }
  }

  /** Runs {@code action}, and if that fails tells {@code without}. */
  public static void run(String part, Action action, Consumer<? super Lost> without) {
    try {
      action.run();
    } catch (Throwable e) {
      without.accept(lost(part, e));
    }
  }

  private static Lost lost(String part, Throwable reason) {
    if (reason instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    Lost lost = new Lost(part, reason);
    LOG.debug("{}", lost, reason);
    return lost;
  }
}
