package dev.leakverifier.settings;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Throwables.throwIfUnchecked;

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
public record Settings(
    CheckSettings check, Policy policy, List<IntConsumer> cleanups, boolean runOnFailure) {
  /**
   * Runs {@code check}, then the cleanups, whatever the check threw; that error stays the first.
   */
  @SuppressWarnings("try") // closing is all that the resource is for
  public void cleanUpAfter(Runnable check) {
    try (Cleanups atTheEnd = () -> cleanUp(0)) {
      check.run();
    }
  }

  /**
   * Refuses what only a check of a run knows to do.
   *
   * @param call what does not take it
   * @param cleanup what to do instead
   * @param runOnFailure what to do instead
   */
  public void refuseForRun(String call, String cleanup, String runOnFailure) {
    checkArgument(cleanups.isEmpty(), "%s does not take cleanup(exitCode): %s", call, cleanup);
    checkArgument(!this.runOnFailure, "%s does not take runOnFailure(): %s", call, runOnFailure);
  }

  /** Runs all cleanups, also after one that throws; the first error comes out. */
  public void cleanUp(int exitCode) {
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
  public static final class Builder {
    private final CheckSettings.Builder check = new CheckSettings.Builder();
    private final List<IntConsumer> cleanups = new ArrayList<>();
    private boolean runOnFailure;
    private boolean warnOnly;
    private boolean interrupts;
    private Optional<AcceptedLeaks> accepted = Optional.empty();
    private boolean acceptCurrent;

    /** What the check needs. */
    public CheckSettings.Builder check() {
      return check;
    }

    public void cleanup(IntConsumer cleanup) {
      cleanups.add(cleanup);
    }

    public void runOnFailure() {
      runOnFailure = true;
    }

    public void warnOnly(boolean wanted) {
      warnOnly = wanted;
    }

    public void interrupts(boolean wanted) {
      interrupts = wanted;
    }

    public void accept(AcceptedLeaks leaks, boolean current) {
      accepted = Optional.of(leaks);
      acceptCurrent = current;
    }

    public Settings build() {
      return new Settings(
          check.build(),
          new Policy(warnOnly, accepted, acceptCurrent, interrupts),
          List.copyOf(cleanups),
          runOnFailure);
    }
  }
}
