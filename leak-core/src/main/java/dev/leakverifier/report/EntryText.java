package dev.leakverifier.report;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import dev.leakverifier.diagnosis.IgnoreLine;
import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.opened.LeakEntry;
import dev.leakverifier.opened.Opening;
import dev.leakverifier.text.Names;
import dev.leakverifier.thread.OwnCall;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How an entry reads: what was opened with a line for each kind of thread, or a group. */
public final class EntryText {
  private static final int MAX_NAMES = 8;
  private static final int MAX_KINDS = 12;

  /** Of fewer threads one sees where they come from. */
  private static final int MANY = 10;

  private EntryText() {}

  /**
   * The entry with that number.
   *
   * @param others the numbers of other entries that the same line ignores
   */
  static String of(int number, LeakEntry entry, IgnoreLine.Place place, List<Integer> others) {
    StringBuilder text = new StringBuilder(headline(number, entry));
    if (entry.opened().isPresent()) {
      appendOpened(text, entry, entry.opened().get());
    } else {
      appendGroup(text, entry.groups().get(0));
    }
    append(text, "ignore", entry.ignore().stream().map(line -> line.in(place)).toList());
    if (!others.isEmpty()) {
      text.append("\n            which also ignores ")
          .append(others.stream().map(each -> each + ")").collect(joining(", ")));
    }
    return text.toString();
  }

  private static void appendOpened(StringBuilder text, LeakEntry entry, Opening opened) {
    text.append("\n   fix      ").append(Names.visible(entry.fix()));
    append(text, word(opened), List.of("by " + Names.visible(opened.place())));
    append(text, "held", GroupText.holders(entry.threads()));
    append(text, "threads", kinds(entry));
    if (!opened.isCertain() && entry.groups().size() == 1) {
      StackText.of(entry.groups().get(0)).forEach(line -> text.append("\n").append(line));
    }
  }

  private static void appendGroup(StringBuilder text, LeakGroup group) {
    text.append("\n   why      ").append(group.diagnosis().why());
    group.diagnosis().details().forEach(line -> text.append("\n            ").append(line));
    text.append("\n   fix      ").append(group.diagnosis().fix());
    List<String> owners = GroupText.owners(group.threads());
    if (!owners.isEmpty()) {
      text.append("\n   owner    ").append(GroupText.list(owners, MAX_NAMES));
    }
    append(text, "held", GroupText.holders(group.threads()));
    append(text, "opened", opened(group.threads()));
    append(text, "started", GroupText.starters(group.threads()));
    StackText.of(group).forEach(line -> text.append("\n").append(line));
  }

  private static void append(StringBuilder text, String label, List<String> lines) {
    String start = "\n   %-9s".formatted(label);
    for (String line : lines) {
      text.append(start).append(line);
      start = "\n            ";
    }
  }

  /** The entry in one line. */
  static String headline(int number, LeakEntry entry) {
    return number
        + ") "
        + entry
            .opened()
            .map(opened -> title(entry, opened))
            .orElseGet(() -> line(entry.groups().get(0)));
  }

  /** As in {@code 17 threads of org.apache.curator.test.TestingServer}. */
  public static String title(LeakEntry entry, Opening opened) {
    int count = entry.threads().size();
    return (count == 1 ? "thread" : count + " threads") + " of " + Names.visible(opened.what());
  }

  /** What was done at its line. */
  public static String word(Opening opened) {
    return opened.isCertain() ? "opened" : "used";
  }

  /** A line for each kind of thread. */
  public static List<String> kinds(LeakEntry entry) {
    List<String> lines = entry.groups().stream().map(EntryText::line).toList();
    return lines.size() <= MAX_KINDS
        ? lines
        : Stream.concat(
                lines.stream().limit(MAX_KINDS - 1),
                Stream.of("... and " + GroupText.count(lines.size() - MAX_KINDS + 1, "more kind")))
            .toList();
  }

  private static String line(LeakGroup group) {
    return "%s%s   %s   %s"
        .formatted(
            GroupText.times(group.threads().size()),
            group.diagnosis().kind().label(),
            GroupText.names(group.threads(), MAX_NAMES),
            GroupText.states(group.threads()));
  }

  /**
   * The lines of the project's code that led to the threads, but for those that have started them.
   */
  public static List<String> opened(List<ThreadSample> threads) {
    List<String> starters = GroupText.starters(threads);
    return threads.stream()
        .flatMap(thread -> thread.origin().flatMap(OwnCall::of).stream())
        .map(call -> Names.visible(StackFrames.text(call.line())))
        .distinct()
        .filter(line -> starters.stream().noneMatch(starter -> starter.contains(line)))
        .map("by "::concat)
        .toList();
  }

  /** As in {@code 50 of 51 were opened at PageTest.java:5}; empty if they come from all over. */
  static Optional<String> mostOpenedAt(List<LeakEntry> entries) {
    List<ThreadSample> threads =
        entries.stream().flatMap(entry -> entry.threads().stream()).toList();
    if (entries.size() == 1 || threads.size() < MANY) {
      return Optional.empty();
    }
    return threads.stream()
        .flatMap(thread -> thread.origin().flatMap(OwnCall::of).stream())
        .collect(groupingBy(call -> place(call.line()), counting()))
        .entrySet()
        .stream()
        .filter(place -> place.getValue() * 2 > threads.size())
        .findFirst()
        .map(
            place ->
                "%d of %d were opened at %s"
                    .formatted(place.getValue(), threads.size(), place.getKey()));
  }

  private static String place(StackTraceElement line) {
    String text = StackFrames.text(line);
    return Names.visible(text.substring(text.lastIndexOf('(') + 1, text.length() - 1));
  }
}
