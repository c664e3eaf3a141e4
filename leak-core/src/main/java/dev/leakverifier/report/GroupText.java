package dev.leakverifier.report;

import static java.util.stream.Collectors.joining;

import dev.leakverifier.diagnosis.Fingerprint;
import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.diagnosis.StackShape;
import dev.leakverifier.text.Names;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a group of equal threads reads: the same in a report, on a page, in a profile and a log. */
public final class GroupText {
  private static final int MAX_NAME = 80;
  private static final int MAX_STARTERS = 5;
  private static final int MAX_HOLDERS = 3;

  private GroupText() {}

  /** As in {@code 1 thread} and {@code 12 threads}. */
  public static String count(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  /** As in {@code 12 x }, before what there are 12 of; nothing before a single one. */
  public static String times(int count) {
    return count == 1 ? "" : count + " x ";
  }

  /** The first {@code max} at most, visible, and how many there are besides. */
  public static String list(List<String> texts, int max) {
    return texts.stream().limit(max).map(Names::visible).collect(joining(", "))
        + Names.andMore(texts.size() - max);
  }

  /** The threads' names, the first {@code max} at most. */
  public static String names(List<ThreadSample> threads, int max) {
    return threads.stream().allMatch(thread -> thread.name().isEmpty())
        ? Names.NO_NAME
        : Names.list(threads.stream().map(ThreadSample::name).toList(), max);
  }

  /** The states in which some of the threads are. */
  public static String states(List<ThreadSample> threads) {
    return threads.stream().map(GroupText::state).distinct().collect(joining(" or "));
  }

  /** A thread's state, and whether it is virtual. */
  static String state(ThreadSample thread) {
    return thread.isVirtual() ? "virtual, " + thread.state() : thread.state().toString();
  }

  /** What the threads belong to. */
  public static List<String> owners(List<ThreadSample> threads) {
    return threads.stream().flatMap(thread -> thread.owner().stream()).distinct().toList();
  }

  /** Who holds what the threads belong to, a line each; none if the heap was not asked. */
  public static List<String> holders(List<ThreadSample> threads) {
    List<String> all =
        threads.stream().flatMap(thread -> thread.heldBy().stream()).distinct().toList();
    List<String> lines = new ArrayList<>();
    all.stream().limit(MAX_HOLDERS).forEach(words -> lines.add("by " + Names.visible(words)));
    if (all.size() > MAX_HOLDERS) {
      lines.add("and by " + count(all.size() - MAX_HOLDERS, "other"));
    }
    return lines;
  }

  /**
   * Who started the threads, a line each: the starter, and each starter before, up to the one that
   * ran the test. No line if none was recorded.
   */
  public static List<String> starters(List<ThreadSample> threads) {
    List<List<String>> all =
        threads.stream()
            .map(thread -> starters(thread.origin()))
            .filter(starters -> !starters.isEmpty())
            .distinct()
            .toList();
    List<String> lines = new ArrayList<>(all.isEmpty() ? List.of() : all.get(0));
    if (all.size() > 1) {
      lines.add("others were started from other lines");
    }
    return lines;
  }

  private static List<String> starters(Optional<ThreadOrigin> first) {
    List<String> lines = new ArrayList<>();
    Optional<ThreadOrigin> next = first;
    while (next.isPresent() && lines.size() < MAX_STARTERS) {
      ThreadOrigin origin = next.get();
      lines.add((lines.isEmpty() ? "by " : "which was started by ") + starter(origin));
      next = origin.isInvoked() ? Optional.empty() : origin.starterOrigin();
    }
    if (next.isPresent()) {
      lines.add("which other threads had started");
    }
    return lines;
  }

  private static String starter(ThreadOrigin origin) {
    String startedAt =
        origin
            .startedAt()
            .or(() -> origin.frames().stream().findFirst())
            .map(StackFrames::text)
            .orElse("the JVM");
    Optional<String> calledFrom =
        origin.calledFrom().map(StackFrames::text).filter(place -> !place.equals(startedAt));
    return Names.visible(startedAt)
        + calledFrom.map(place -> ", called from " + Names.visible(place)).orElse("")
        + (origin.starterName().isEmpty() ? "" : ", in " + Names.quoted(origin.starterName()));
  }

  /** The line, or, where a pool's own worker was the starter, the function that started that. */
  public static Optional<String> startedAt(ThreadSample thread) {
    return thread
        .origin()
        .flatMap(ThreadOrigin::startedAt)
        .map(StackFrames::text)
        .or(thread::createdBy)
        .map(Names::visible);
  }

  /**
   * The group without its size, for a log: what the threads are called, where they stand, and who
   * started them, if that was recorded.
   */
  public static String line(LeakGroup group) {
    ThreadSample thread = group.threads().get(0);
    return foldedName(thread)
        + StackShape.of(thread)
            .top()
            .map(frame -> manner(thread) + Names.visible(StackFrames.text(frame)))
            .orElse(" (" + group.diagnosis().kind().label() + ")")
        + startedAt(thread).map(place -> ", started by " + place).orElse("");
  }

  private static String foldedName(ThreadSample thread) {
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

  /**
   * What the group is, in one line that is the same from run to run, so without numbers of lines:
   * {@code idle pool worker "pool-*-thread-*", started by com.acme.Pool.submit}.
   */
  public static String summary(LeakGroup group) {
    ThreadSample first = group.threads().get(0);
    String place =
        first
            .createdBy()
            .map(function -> ", started by " + Fingerprint.foldedFunction(function))
            .or(
                () ->
                    StackShape.of(first)
                        .top()
                        .map(
                            frame ->
                                ", in " + Fingerprint.foldedFunction(StackFrames.function(frame))))
            .orElse("");
    return group.diagnosis().kind().label()
        + " "
        + Names.quoted(Fingerprint.foldedName(first.name()))
        + Names.visible(place);
  }
}
