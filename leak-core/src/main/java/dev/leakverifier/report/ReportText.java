package dev.leakverifier.report;

import static java.util.stream.Collectors.joining;

import com.google.common.base.CharMatcher;
import dev.leakverifier.diagnosis.Accepted;
import dev.leakverifier.diagnosis.Findings;
import dev.leakverifier.diagnosis.IgnoreLine;
import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.thread.Names;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The text that a person reads: equal leaks in one entry, in the order in which they were started,
 * and not much more than a screen or two however many there are.
 */
public final class ReportText {
  /** After so many lines, groups get one line each. */
  private static final int MAX_LINES = 140;

  /** So many groups get a line of their own then. */
  private static final int MAX_BRIEF = 30;

  private static final int MAX_NAMES = 8;
  private static final int MAX_STARTERS = 5;
  private static final int MAX_NOTES = 10;

  private ReportText() {}

  /**
   * The text for {@code findings}, of which {@code groups} are made.
   *
   * @param blamed the test or fixture, if it is known
   * @param place where the reader is to paste what ignores a group
   */
  public static String of(
      @Nullable String blamed, Findings findings, List<LeakGroup> groups, IgnoreLine.Place place) {
    StringBuilder text = new StringBuilder();
    if (groups.isEmpty()) {
      text.append("no thread leaked");
    } else {
      text.append(threads(findings.leaked().size()))
          .append(" leaked")
          .append(blamed == null ? "" : " by " + Names.visible(blamed))
          .append(" (")
          .append(patience(findings))
          .append(")");
      appendGroups(text, groups, place);
    }
    appendShared(text, findings);
    findings
        .ignored()
        .forEach(
            (option, count) ->
                text.append("\n\nnot counted: ")
                    .append(threads(count))
                    .append(" that ")
                    .append(Names.visible(option))
                    .append(" ignores"));
    appendAccepted(text, findings.accepted());
    findings.notSeen().stream()
        .limit(MAX_NOTES)
        .forEach(what -> text.append("\n\nnot seen: ").append(Names.visible(what)));
    return text.toString();
  }

  /** The line that ends a report of which {@code page} shows more; from here, if it is below. */
  public static String more(Path page) {
    Path here = Path.of("").toAbsolutePath();
    return "\n\nmore: "
        + Names.visible((page.startsWith(here) ? here.relativize(page) : page).toString());
  }

  /** The lines for what somebody else knows besides. */
  public static String note(String text) {
    return "\n\n" + text.lines().map(Names::visible).collect(joining("\n"));
  }

  /** A thread's name and state in one line. */
  public static String title(ThreadSample thread) {
    return Names.quoted(thread.name()) + " " + state(thread);
  }

  private static void appendGroups(
      StringBuilder text, List<LeakGroup> groups, IgnoreLine.Place place) {
    int next = 0;
    int lines = 0;
    while (next < groups.size()) {
      String group = group(next + 1, groups.get(next), place);
      lines += CharMatcher.is('\n').countIn(group) + 2;
      if (lines > MAX_LINES && next > 0) {
        break;
      }
      text.append("\n\n").append(group);
      next++;
    }
    if (next < groups.size()) {
      text.append("\n");
      int end = Math.min(groups.size(), next + MAX_BRIEF);
      for (; next < end; next++) {
        text.append("\n").append(headline(next + 1, groups.get(next)));
      }
      if (next < groups.size()) {
        text.append("\n... and ").append(groups.size() - next).append(" more groups");
      }
      text.append("\n\ncut here: LeakReport.toJson() has all of it");
    }
  }

  private static String group(int number, LeakGroup group, IgnoreLine.Place place) {
    StringBuilder text = new StringBuilder(headline(number, group));
    text.append("\n   why      ").append(group.diagnosis().why());
    group.diagnosis().details().forEach(line -> text.append("\n            ").append(line));
    text.append("\n   fix      ").append(group.diagnosis().fix());
    appendOwners(text, group.threads());
    appendStarters(text, group.threads());
    StackText.of(group).forEach(line -> text.append("\n").append(line));
    group.ignore().ifPresent(line -> text.append("\n   ignore   ").append(line.in(place)));
    return text.toString();
  }

  private static String headline(int number, LeakGroup group) {
    int count = group.threads().size();
    return "%d) %s%s   %s   %s"
        .formatted(
            number,
            count == 1 ? "" : count + " x ",
            group.diagnosis().kind().label(),
            names(group.threads()),
            group.threads().stream().map(ReportText::state).distinct().collect(joining(" or ")));
  }

  public static String patience(Findings findings) {
    return findings.waited().isZero()
        ? "looked once, without waiting"
        : "still alive after "
            + seconds(findings.waited())
            + (findings.collected() ? " and a garbage collection" : "");
  }

  private static void appendShared(StringBuilder text, Findings findings) {
    findings
        .sharedByLibrary()
        .forEach(
            (library, count) ->
                text.append("\n\nnot counted: ")
                    .append(threads(count))
                    .append(" of ")
                    .append(library.what())
                    .append(": ")
                    .append(library.reason().orElse("")));
  }

  private static void appendAccepted(StringBuilder text, Accepted accepted) {
    int leaks = accepted.groups().size();
    if (leaks > 0) {
      text.append("\n\nnot counted: ")
          .append(threads(accepted.threads()))
          .append(" of ")
          .append(leaks == 1 ? "1 accepted leak" : leaks + " accepted leaks")
          .append(" (leak.accepted=")
          .append(Names.visible(accepted.file()))
          .append(")");
    }
    accepted
        .trouble()
        .ifPresent(why -> text.append("\n\nnothing is accepted: ").append(Names.visible(why)));
  }

  public static String threads(long count) {
    return count == 1 ? "1 thread" : count + " threads";
  }

  private static String seconds(Duration waited) {
    double seconds = waited.toNanos() / 1e9;
    return String.format(Locale.ROOT, seconds < 0.1 ? "%.3f s" : "%.1f s", seconds);
  }

  private static void appendOwners(StringBuilder text, List<ThreadSample> group) {
    List<String> owners =
        group.stream().flatMap(thread -> thread.owner().stream()).distinct().toList();
    if (!owners.isEmpty()) {
      text.append("\n   owner    ")
          .append(owners.stream().limit(MAX_NAMES).map(Names::visible).collect(joining(", ")))
          .append(andMore(owners.size()));
    }
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

  public static String starter(ThreadOrigin origin) {
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

  private static String names(List<ThreadSample> group) {
    if (group.stream().allMatch(thread -> thread.name().isEmpty())) {
      return Names.NO_NAME;
    }
    return Names.list(group.stream().map(ThreadSample::name).toList(), MAX_NAMES);
  }

  private static String andMore(int all) {
    return all > MAX_NAMES ? " and " + (all - MAX_NAMES) + " more" : "";
  }

  private static String state(ThreadSample thread) {
    return thread.isVirtual() ? "virtual, " + thread.state() : thread.state().toString();
  }
}
