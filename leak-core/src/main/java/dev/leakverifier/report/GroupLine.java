package dev.leakverifier.report;

import dev.leakverifier.diagnosis.Fingerprint;
import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.diagnosis.StackShape;
import dev.leakverifier.thread.Names;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.util.Optional;

/** How a group of equal threads reads in one line of a log. */
public final class GroupLine {
  private static final int MAX_NAME = 80;

  private GroupLine() {}

  /**
   * The group without its size: what the threads are called, where they stand, and who started
   * them, if that was recorded.
   */
  public static String of(LeakGroup group) {
    ThreadSample thread = group.threads().get(0);
    return name(thread)
        + StackShape.of(thread)
            .top()
            .map(frame -> manner(thread) + Names.visible(StackFrames.text(frame)))
            .orElse(" (" + group.diagnosis().kind().label() + ")")
        + starter(thread).map(place -> ", started by " + Names.visible(place)).orElse("");
  }

  private static String name(ThreadSample thread) {
    String folded = Fingerprint.foldedName(thread.name());
    String start = Names.start(folded, MAX_NAME);
    String name = Names.visible(start) + (start.length() == folded.length() ? "" : "...");
    return (thread.isVirtual() ? "virtual " : "")
        + (name.isEmpty() ? Names.NO_NAME : '`' + name + '`');
  }

  private static String manner(ThreadSample thread) {
    return switch (thread.state()) {
      case WAITING, TIMED_WAITING -> " parked in ";
      case BLOCKED -> " blocked in ";
      default -> " in ";
    };
  }

  /** The line, or, where a pool's own worker was the starter, the function that started that. */
  private static Optional<String> starter(ThreadSample thread) {
    return thread
        .origin()
        .flatMap(ThreadOrigin::startedAt)
        .map(StackFrames::text)
        .or(thread::createdBy);
  }
}
