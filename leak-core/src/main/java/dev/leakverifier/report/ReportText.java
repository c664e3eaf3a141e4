package dev.leakverifier.report;

import static java.util.stream.Collectors.joining;

import com.google.common.base.CharMatcher;
import dev.leakverifier.check.Accepted;
import dev.leakverifier.check.Findings;
import dev.leakverifier.diagnosis.IgnoreLine;
import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.opened.LeakEntry;
import dev.leakverifier.text.Names;
import dev.leakverifier.thread.ThreadSample;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
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
      text.append(GroupText.count(findings.leaked().size(), "thread"))
          .append(" leaked")
          .append(blamed == null ? "" : " by " + Names.visible(blamed))
          .append(" (")
          .append(patience(findings))
          .append(")");
      List<LeakEntry> entries = LeakEntry.of(groups);
      EntryText.mostOpenedAt(entries).ifPresent(line -> text.append("\n\n").append(line));
      appendEntries(text, entries, place);
    }
    notes(findings).forEach(note -> text.append("\n\n").append(note));
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
    return Names.quoted(thread.name()) + " " + GroupText.state(thread);
  }

  private static void appendEntries(
      StringBuilder text, List<LeakEntry> entries, IgnoreLine.Place place) {
    int next = 0;
    int lines = 0;
    while (next < entries.size()) {
      String entry = EntryText.of(next + 1, entries.get(next), place, sameLine(next, entries));
      lines += CharMatcher.is('\n').countIn(entry) + 2;
      if (lines > MAX_LINES && next > 0) {
        break;
      }
      text.append("\n\n").append(entry);
      next++;
    }
    if (next < entries.size()) {
      text.append("\n");
      int end = Math.min(entries.size(), next + MAX_BRIEF);
      for (; next < end; next++) {
        text.append("\n").append(EntryText.headline(next + 1, entries.get(next)));
      }
      if (next < entries.size()) {
        text.append("\n... and ").append(GroupText.count(entries.size() - next, "more group"));
      }
      text.append("\n\ncut here; LeakReport.toJson() has everything");
    }
  }

  /** The numbers of the other entries that the line of this one ignores, too. */
  private static List<Integer> sameLine(int index, List<LeakEntry> entries) {
    List<IgnoreLine> lines = entries.get(index).ignore();
    return IntStream.range(0, entries.size())
        .filter(other -> other != index)
        .filter(other -> !Collections.disjoint(lines, entries.get(other).ignore()))
        .mapToObj(other -> other + 1)
        .toList();
  }

  /** How long threads were waited for. */
  public static String patience(Findings findings) {
    return findings.waited().isZero()
        ? "looked once, without waiting"
        : "still alive after "
            + time(findings.waited())
            + (findings.collected() ? " and a garbage collection" : "");
  }

  /** What did not count, and what was not seen: a line each. */
  public static List<String> notes(Findings findings) {
    List<String> notes = new ArrayList<>();
    findings
        .sharedByLibrary()
        .forEach(
            (library, count) ->
                notes.add(
                    notCounted(count)
                        + " of %s: %s".formatted(library.what(), library.reason().orElse(""))));
    findings
        .heldByHolder()
        .forEach((holder, count) -> notes.add(notCounted(count) + " of " + holder));
    findings
        .ignored()
        .forEach(
            (option, count) ->
                notes.add(notCounted(count) + " that " + Names.visible(option) + " ignores"));
    Accepted accepted = findings.accepted();
    if (!accepted.groups().isEmpty()) {
      notes.add(
          "%s of %s (leak.accepted=%s)"
              .formatted(
                  notCounted(accepted.threads()),
                  GroupText.count(accepted.groups().size(), "accepted leak"),
                  Names.visible(accepted.file())));
    }
    accepted.elsewhere().forEach(line -> notes.add(Names.visible(line)));
    accepted.trouble().ifPresent(why -> notes.add("nothing is accepted: " + Names.visible(why)));
    findings.notSeen().stream()
        .limit(MAX_NOTES)
        .forEach(what -> notes.add("not seen: " + Names.visible(what)));
    return notes;
  }

  private static String notCounted(long threads) {
    return "not counted: " + GroupText.count(threads, "thread");
  }

  /** In tenths of a second, as {@code 1.0 s}. */
  private static String time(Duration waited) {
    double seconds = waited.toNanos() / 1e9;
    return seconds < 0.1 ? "less than 0.1 s" : String.format(Locale.ROOT, "%.1f s", seconds);
  }
}
