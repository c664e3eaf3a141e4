package dev.leakverifier;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.base.Suppliers;
import dev.leakverifier.check.Accepted;
import dev.leakverifier.check.Findings;
import dev.leakverifier.diagnosis.IgnoreLine;
import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.host.Guard;
import dev.leakverifier.page.RunReport;
import dev.leakverifier.report.BareReport;
import dev.leakverifier.report.ReportJson;
import dev.leakverifier.report.ReportText;
import dev.leakverifier.settings.AcceptedLeaks.LeftBy;
import dev.leakverifier.settings.Policy;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
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
  private final IgnoreLine.Place place;
  private final @Nullable String note;
  private final Supplier<String> end;
  private final Supplier<List<LeakGroup>> groups;

  LeakReport(@Nullable String blamed, Findings findings, IgnoreLine.Place place) {
    this(blamed, findings, place, null, () -> "", groupsOf(findings));
  }

  private LeakReport(
      @Nullable String blamed,
      Findings findings,
      IgnoreLine.Place place,
      @Nullable String note,
      Supplier<String> end,
      Supplier<List<LeakGroup>> groups) {
    this.blamed = blamed;
    this.findings = findings;
    this.place = place;
    this.note = note;
    this.end = end;
    this.groups = groups;
  }

  /** This report, whose text ends so. */
  LeakReport endingWith(Supplier<String> end) {
    return new LeakReport(blamed, findings, place, note, end, groups);
  }

  /**
   * This report, whose text ends with {@code note}: what an adapter knows besides, such as the
   * rules that stand around the check.
   */
  public LeakReport withNote(String note) {
    return new LeakReport(blamed, findings, place, note, end, groups);
  }

  /** This report as a part of that of the whole run. */
  RunReport.Leak forRun() {
    return new RunReport.Leak(blamed(), findings, groups());
  }

  /** Makes all that takes long, such as to find out who started the threads. */
  void make() {
    String unused = toString();
  }

  /** This report without those threads that have {@code ended}. */
  LeakReport without(Set<Long> ended) {
    Findings left = findings.withoutLeaks(ended);
    return new LeakReport(blamed, left, place, note, end, groupsOf(left));
  }

  /** Whether nothing is left. */
  public boolean isEmpty() {
    return findings.leaked().isEmpty();
  }

  /**
   * The threads that are left, as they were when the check gave up waiting for them. What has ended
   * until the report was ready is not among them.
   */
  public List<ThreadSample> threads() {
    return findings.threads();
  }

  /**
   * The same threads, equal ones together, each group with the reason why it is there, and with
   * what would have ended it.
   *
   * @return in the order in which the first of each was started
   */
  public List<LeakGroup> groups() {
    return groups.get();
  }

  /** How many threads each of the options has ignored that say what to ignore. */
  public Map<String, Integer> ignored() {
    return findings.ignored();
  }

  /** The leaks that {@code leak.accepted} accepts; they are not among the {@link #groups}. */
  public List<LeakGroup> accepted() {
    return findings.accepted().groups();
  }

  /** What the JVM could not tell, each in a line; empty if it told all. */
  public Set<String> notSeen() {
    return findings.notSeen();
  }

  /** The test or fixture in whose window the threads appeared, where an adapter knows it. */
  public Optional<String> blamed() {
    return Optional.ofNullable(blamed);
  }

  /**
   * This report, of which leaks do not count that {@code policy} accepts for tests of these {@code
   * classes}. Never throws.
   */
  LeakReport accepting(Policy policy, Set<String> classes) {
    return isEmpty()
        ? this
        : policy.accepted(new LeftBy(blamed(), classes), groups()).map(this::without).orElse(this);
  }

  private LeakReport without(Accepted accepted) {
    Findings left = findings.accepting(accepted);
    return new LeakReport(blamed, left, place, note, end, groupsOf(left));
  }

  private static Supplier<List<LeakGroup>> groupsOf(Findings findings) {
    return findings.leaked().isEmpty()
        ? List::of // a clean check needs nothing of Guava
        : Suppliers.memoize(() -> LeakGroup.of(findings.leaked()));
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
    checkState(!isEmpty(), "no thread leaked, so this report makes no error");
    LeakError error = new LeakError(this);
    error.setStackTrace(new StackTraceElement[0]);
    return error;
  }

  /**
   * The report as JSON, with all threads and all frames; the form is described in {@code
   * docs/leak-report.schema.json}, and its {@code version} changes if a reader has to.
   */
  public String toJson() {
    return Guard.make(
        "the JSON of this report",
        () -> ReportJson.of(blamed, findings, groups()),
        lost -> BareReport.json(findings, lost));
  }

  /** The report as text: equal threads grouped, in a stable order, cut if it is long. */
  @Override
  public String toString() {
    return Guard.make(
        "the text of this report",
        () ->
            ReportText.of(blamed, findings, groups(), place)
                + (note == null ? "" : ReportText.note(note))
                + end.get(),
        lost -> BareReport.text(blamed, findings, lost));
  }
}
