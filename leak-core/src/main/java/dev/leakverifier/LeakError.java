package dev.leakverifier;

import dev.leakverifier.host.Guard;
import dev.leakverifier.report.ReportText;
import dev.leakverifier.text.Names;
import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when threads are left that are not to be ignored.
 *
 * <p>The message is the report's text. The stack of each leaked thread, of the first hundred, is
 * attached as a suppressed throwable, so that an IDE makes it clickable.
 */
public final class LeakError extends AssertionError {
  private static final long serialVersionUID = 1L;

  /** Thousands of virtual threads may leak at once; the message groups and counts them. */
  private static final int MAX_STACKS = 100;

  private final transient LeakReport report;

  /** An error for {@code report}, which must not be empty. */
  LeakError(LeakReport report) {
    super(report.toString());
    this.report = report;
    report.threads().stream()
        .limit(MAX_STACKS)
        .forEach(thread -> addSuppressed(LeakedThread.of(thread)));
  }

  /** What was found. Not serialized with the error. */
  public LeakReport report() {
    return report;
  }

  /** Stands in for a leaked thread, and its cause for the starter, where tools show stacks. */
  private static final class LeakedThread extends Throwable {
    private static final long serialVersionUID = 1L;

    private LeakedThread(
        String message, @Nullable Throwable starter, List<StackTraceElement> frames) {
      super(message, starter, /* enableSuppression= */ false, /* writableStackTrace= */ true);
      setStackTrace(frames.toArray(StackTraceElement[]::new));
    }

    static LeakedThread of(ThreadSample thread) {
      return Guard.make(
          "who started it",
          () -> withStarter(thread),
          lost ->
              new LeakedThread(
                  '"' + thread.name() + "\" (" + lost + ')', /* starter= */ null, thread.frames()));
    }

    private static LeakedThread withStarter(ThreadSample thread) {
      return new LeakedThread(
          ReportText.title(thread),
          thread.origin().map(LeakedThread::starter).orElse(null),
          thread.frames());
    }

    private static LeakedThread starter(ThreadOrigin origin) {
      return new LeakedThread(
          "started by " + Names.quoted(origin.starterName()),
          /* starter= */ null,
          origin.framesOfTest());
    }
  }
}
