package dev.leakverifier.report;

import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Multimaps;
import com.google.common.escape.ArrayBasedCharEscaper;
import com.google.common.escape.CharEscaper;
import dev.leakverifier.thread.LibraryThread;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The text that a person reads: ASCII, equal threads grouped, in the order they were started. */
public final class ReportText {
  private static final int MAX_NAMES = 8;
  private static final int MAX_FRAMES = 100;
  private static final int MAX_NAME_LENGTH = 80;
  private static final int MAX_STARTERS = 5;
  private static final String NO_NAME = "(no name)";

  /** Escapes what would break a line, a terminal or an encoding, as a Java string literal does. */
  private static final CharEscaper ASCII =
      new ArrayBasedCharEscaper(
          ImmutableMap.of('\n', "\\n", '\r', "\\r", '\t', "\\t", '"', "\\\""), ' ', '~') {
        @Override
        protected char[] escapeUnsafe(char c) {
          return "\\u%04x".formatted((int) c).toCharArray();
        }
      };

  /** The text for {@code findings}; {@code blamed} is the test or fixture, if it is known. */
  public static String of(@Nullable String blamed, Findings findings) {
    StringBuilder text = new StringBuilder();
    if (findings.leaked().isEmpty()) {
      text.append("no thread leaked");
    } else {
      appendLeaks(text, blamed, findings);
    }
    appendShared(text, findings.shared());
    findings.notSeen().forEach(what -> text.append("\n\nnot seen: ").append(ascii(what)));
    return text.toString();
  }

  /** A thread's name and state in one line. */
  public static String title(ThreadSample thread) {
    return quotedName(thread) + " " + state(thread);
  }

  /** What makes threads equal for a reader. */
  private record Looks(
      String state,
      Optional<String> ownerClass,
      List<StackTraceElement> frames,
      Optional<LibraryThread> library,
      Optional<String> createdBy) {
    static Looks of(ThreadSample thread) {
      return new Looks(
          ReportText.state(thread),
          thread.owner().map(owner -> owner.replaceAll("@\\p{XDigit}+$", "")),
          thread.frames(),
          LibraryThread.of(thread),
          thread.createdBy());
    }
  }

  private static void appendLeaks(StringBuilder text, @Nullable String blamed, Findings findings) {
    text.append(threads(findings.leaked().size()))
        .append(" leaked")
        .append(blamed == null ? "" : " by " + ascii(blamed))
        .append(" (")
        .append(patience(findings))
        .append(")");
    ImmutableListMultimap<Looks, ThreadSample> groups =
        Multimaps.index(
            findings.leaked().stream().sorted(comparingLong(ThreadSample::id)).toList(), Looks::of);
    int number = 0;
    for (Looks looks : groups.keySet()) {
      appendGroup(text.append("\n\n"), ++number, looks, groups.get(looks));
    }
  }

  private static String patience(Findings findings) {
    return findings.waited().isZero()
        ? "looked once, without waiting"
        : "still alive after "
            + seconds(findings.waited())
            + (findings.collected() ? " and a garbage collection" : "");
  }

  private static void appendShared(StringBuilder text, List<ThreadSample> shared) {
    shared.stream()
        .flatMap(thread -> LibraryThread.of(thread).stream())
        .collect(groupingBy(library -> library, TreeMap::new, counting()))
        .forEach(
            (library, count) ->
                text.append("\n\nnot counted: ")
                    .append(threads(count))
                    .append(" of ")
                    .append(library.what())
                    .append(": ")
                    .append(library.reason().orElse("")));
  }

  private static String threads(long count) {
    return count == 1 ? "1 thread" : count + " threads";
  }

  private static String seconds(Duration waited) {
    double seconds = waited.toNanos() / 1e9;
    return String.format(Locale.ROOT, seconds < 0.1 ? "%.3f s" : "%.1f s", seconds);
  }

  private static void appendGroup(
      StringBuilder text, int number, Looks looks, List<ThreadSample> group) {
    String prefix = number + ") ";
    text.append(prefix)
        .append(group.size() == 1 ? "" : group.size() + " x ")
        .append(names(group))
        .append("   ")
        .append(looks.state());
    if (looks.ownerClass().isPresent()) {
      text.append("\n   owner    ").append(owners(group));
    }
    looks
        .library()
        .ifPresent(
            library -> {
              text.append("\n   what     ").append(library.what());
              library.missingCall().ifPresent(c -> text.append("\n   fix      call ").append(c));
            });
    appendStarters(text, group);
    if (looks.frames().isEmpty()) {
      text.append("\n   stack    none: the thread is just starting or ending");
      return;
    }
    text.append("\n   top      ").append(ascii(group.get(0).topFunction()));
    appendStack(text, looks.frames());
  }

  private static void appendStarters(StringBuilder text, List<ThreadSample> group) {
    List<String> starters =
        group.stream().map(thread -> starters(thread.origin())).distinct().toList();
    text.append(starters.get(0));
    if (starters.size() > 1) {
      text.append("\n            others from other lines");
    }
  }

  /** A line for the starter and for each starter before, up to the one that ran the test. */
  private static String starters(Optional<ThreadOrigin> first) {
    StringBuilder lines = new StringBuilder();
    Optional<ThreadOrigin> next = first;
    for (int i = 0; i < MAX_STARTERS && next.isPresent(); i++) {
      ThreadOrigin origin = next.get();
      lines
          .append(i == 0 ? "\n   started  by " : "\n            which was started by ")
          .append(starter(origin));
      next = origin.isInvoked() ? Optional.empty() : origin.starterOrigin();
    }
    return next.isPresent() ? lines + "\n            which others had started" : lines.toString();
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
    return ascii(startedAt)
        + calledFrom.map(place -> ", called from " + ascii(place)).orElse("")
        + (origin.starterName().isEmpty() ? "" : ", in " + quoted(origin.starterName()));
  }

  private static String names(List<ThreadSample> group) {
    if (group.stream().allMatch(thread -> thread.name().isEmpty())) {
      return NO_NAME;
    }
    String names =
        group.stream().limit(MAX_NAMES).map(ReportText::quotedName).collect(joining(", "));
    return names + andMore(group.size());
  }

  private static String owners(List<ThreadSample> group) {
    List<String> owners =
        group.stream().flatMap(thread -> thread.owner().stream()).distinct().toList();
    return owners.stream().limit(MAX_NAMES).map(ReportText::ascii).collect(joining(", "))
        + andMore(owners.size());
  }

  private static String andMore(int all) {
    return all > MAX_NAMES ? " and " + (all - MAX_NAMES) + " more" : "";
  }

  private static String state(ThreadSample thread) {
    return thread.isVirtual() ? "virtual, " + thread.state() : thread.state().toString();
  }

  private static void appendStack(StringBuilder text, List<StackTraceElement> frames) {
    boolean userFrameMarked = false;
    for (int i = 0; i < Math.min(frames.size(), MAX_FRAMES); i++) {
      StackTraceElement frame = frames.get(i);
      boolean mark = !userFrameMarked && !StackFrames.isJdk(frame);
      userFrameMarked |= mark;
      text.append(i == 0 ? "\n   stack  " : "\n          ")
          .append(mark ? "  -> " : "     ")
          .append(ascii(StackFrames.text(frame)));
    }
    if (frames.size() > MAX_FRAMES) {
      text.append("\n               ... ")
          .append(frames.size() - MAX_FRAMES)
          .append(" more frames");
    }
  }

  private static String quotedName(ThreadSample thread) {
    return quoted(thread.name());
  }

  private static String quoted(String name) {
    if (name.isEmpty()) {
      return NO_NAME;
    }
    return name.length() <= MAX_NAME_LENGTH
        ? '"' + ascii(name) + '"'
        : '"' + ascii(name.substring(0, MAX_NAME_LENGTH)) + "\"... (" + name.length() + " chars)";
  }

  private static String ascii(String text) {
    return ASCII.escape(text);
  }

  private ReportText() {}
}
