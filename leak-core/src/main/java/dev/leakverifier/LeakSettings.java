package dev.leakverifier;

import static com.google.common.base.Throwables.throwIfUnchecked;
import static java.util.Objects.requireNonNull;

import dev.leakverifier.check.CheckSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * All options, resolved once.
 *
 * @param check what the check needs
 * @param policy what becomes of a leak
 * @param cleanups what runs after the check
 * @param runOnFailure whether a check of the whole run is wanted even though tests have failed
 */
record LeakSettings(
    CheckSettings check, LeakPolicy policy, List<IntConsumer> cleanups, boolean runOnFailure) {
  static LeakSettings of(LeakOption... options) {
    requireNonNull(options, "options");
    Builder builder = new Builder();
    for (int i = 0; i < options.length; i++) {
      if (options[i] == null) {
        throw new NullPointerException("options[" + i + "]");
      }
      options[i].applyTo(builder);
    }
    return builder.build();
  }

  static LeakSettings of(List<LeakOption> options) {
    return of(options.toArray(new LeakOption[0]));
  }

  /**
   * Runs {@code check}, then the cleanups, whatever the check threw; that error stays the first.
   */
  @SuppressWarnings("try") // closing is all that the resource is for
  void cleanUpAfter(Runnable check) {
    try (Cleanups atTheEnd = () -> cleanUp(0)) {
      check.run();
    }
  }

  /** Runs all cleanups, also after one that throws; the first error comes out. */
  void cleanUp(int exitCode) {
    Throwable first = null;
    for (IntConsumer cleanup : cleanups) {
      try {
        cleanup.accept(exitCode);
      } catch (Throwable e) {
        if (first == null) {
          first = e;
        } else if (first != e) {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throwIfUnchecked(first);
      throw new IllegalStateException(
          "a cleanup threw " + first, first); // not every language checks
    }
  }

  private interface Cleanups extends AutoCloseable {
    @Override
    void close();
  }

  /** Collects what the options say; the last one to set a single value wins. */
  static final class Builder {
    final CheckSettings.Builder check = new CheckSettings.Builder();
    private final List<IntConsumer> cleanups = new ArrayList<>();
    private boolean runOnFailure;
    private boolean warnOnly;
    private Optional<AcceptedLeaks> accepted = Optional.empty();
    private boolean acceptCurrent;

    void cleanup(IntConsumer cleanup) {
      cleanups.add(cleanup);
    }

    void runOnFailure() {
      runOnFailure = true;
    }

    void warnOnly(boolean wanted) {
      warnOnly = wanted;
    }

    void accept(AcceptedLeaks leaks, boolean current) {
      accepted = Optional.of(leaks);
      acceptCurrent = current;
    }

    LeakSettings build() {
      return new LeakSettings(
          check.build(),
          new LeakPolicy(warnOnly, accepted, acceptCurrent),
          List.copyOf(cleanups),
          runOnFailure);
    }
  }
}
