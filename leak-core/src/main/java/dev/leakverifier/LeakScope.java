package dev.leakverifier;

import dev.leakverifier.check.Baseline;
import dev.leakverifier.check.Check;
import dev.leakverifier.check.Findings;
import dev.leakverifier.diagnosis.IgnoreLine;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.settings.Settings;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A block of code that must leave no thread behind.
 *
 * <pre>{@code
 * try (LeakScope scope = LeakVerifier.scope()) {
 *   // code under test
 * } // throws LeakError if a thread is left; an exception of the body stays the first
 * }</pre>
 *
 * <p>May be used from several threads. It remembers the ids of the threads that were alive when it
 * was opened, and nothing else.
 */
public final class LeakScope implements AutoCloseable {
  private final Check check;
  private final Settings settings;
  private volatile Baseline baseline;
  private volatile boolean closed;

  /** What is alive now does not count. */
  LeakScope(Check check, Settings settings) {
    this.check = check.seeing(settings.check().seesVirtualThreads());
    this.settings = settings;
    this.baseline = Baseline.of(this.check.list());
  }

  LeakScope(Check check, Settings settings, Baseline baseline) {
    this.check = check.seeing(settings.check().seesVirtualThreads());
    this.settings = settings;
    this.baseline = baseline;
  }

  /**
   * Looks for threads that are new since the scope was opened, waiting for those that are ending.
   *
   * <p>Can be called any number of times; what is left is reported each time, unless {@link
   * #rebase} is called in between. Does not count the calling thread.
   *
   * @return the report; empty when clean
   */
  public LeakReport check() {
    Findings findings = check.run(baseline, settings.check());
    return LastLook.at(new LeakReport(null, findings, IgnoreLine.Place.JAVA), check);
  }

  /** Takes a new baseline: the threads alive now are not reported from here on. */
  public void rebase() {
    baseline = Baseline.of(check.list());
  }

  /**
   * Checks, and throws if threads are left. Closing again does nothing.
   *
   * @throws LeakError if a thread is left; its message is the report
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    settings.cleanUpAfter(this::verify);
  }

  private void verify() {
    Optional<LeakReport> failing =
        LostCheck.unless(settings.policy(), this::failing, Optional.empty(), this::namesOfNew);
    if (failing.isPresent()) {
      throw new LeakError(failing.get());
    }
  }

  private Optional<LeakReport> failing() {
    LeakReport left = check().accepting(settings.policy(), Set.of());
    return !left.isEmpty() && settings.policy().fails(left) ? Optional.of(left) : Optional.empty();
  }

  private List<String> namesOfNew() {
    return baseline == Baseline.NONE // those of the JVM would be among them
        ? List.of()
        : LiveThread.names(baseline.newAmong(check.list()));
  }
}
