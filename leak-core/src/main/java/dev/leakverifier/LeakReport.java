package dev.leakverifier;

import static com.google.common.base.Preconditions.checkState;

import dev.leakverifier.report.Findings;
import dev.leakverifier.report.ReportText;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a check found: the threads that are left, as data and as the text that a person reads.
 *
 * <pre>{@code
 * LeakReport report = LeakVerifier.find();
 * assertThat(report.threads()).isEmpty();
 * }</pre>
 *
 * <p>A value: immutable and safe to share.
 */
public final class LeakReport {
  private final @Nullable String blamed;
  private final Findings findings;

  LeakReport(@Nullable String blamed, Findings findings) {
    this.blamed = blamed;
    this.findings = findings;
  }

  /** Whether nothing is left. */
  public boolean isEmpty() {
    return findings.leaked().isEmpty();
  }

  /** The threads that are left, as they were when the check gave up waiting for them. */
  public List<ThreadSample> threads() {
    return findings.leaked();
  }

  /** The test or fixture in whose window the threads appeared, where an adapter knows it. */
  public Optional<String> blamed() {
    return Optional.ofNullable(blamed);
  }

  /** How long the check waited for the threads to end. */
  public Duration waited() {
    return findings.waited();
  }

  /**
   * This report as the error that {@link LeakVerifier#verifyNone} would throw; for adapters. It has
   * no stack of its own, which would only show the adapter.
   *
   * @throws IllegalStateException if the report is empty
   */
  public LeakError toError() {
    checkState(!isEmpty(), "no thread leaked: there is no error to make of this report");
    LeakError error = new LeakError(this);
    error.setStackTrace(new StackTraceElement[0]);
    return error;
  }

  /** The report as text: ASCII, equal threads grouped, in a stable order. */
  @Override
  public String toString() {
    return ReportText.of(blamed, findings);
  }
}
