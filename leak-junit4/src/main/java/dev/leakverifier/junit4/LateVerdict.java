package dev.leakverifier.junit4;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.runners.model.MultipleFailureException;

/**
 * Thrown through the rules around ours for threads that these may still stop: JUnit's runner asks
 * for the failures when all of them are over, and reports none if there is none any more.
 *
 * <p>Whoever only prints it shows what was left before. Not serialized with the verdict.
 */
final class LateVerdict extends MultipleFailureException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Supplier<List<Throwable>> verdict;
  private transient @Nullable List<Throwable> failures;

  /**
   * A verdict that falls when somebody asks for it.
   *
   * @param before what would fail if it fell now
   */
  LateVerdict(List<Throwable> before, Supplier<List<Throwable>> verdict) {
    super(before);
    this.verdict = verdict;
  }

  @Override
  public synchronized List<Throwable> getFailures() {
    if (failures == null) {
      failures = List.copyOf(verdict == null ? super.getFailures() : verdict.get());
    }
    return failures;
  }
}
