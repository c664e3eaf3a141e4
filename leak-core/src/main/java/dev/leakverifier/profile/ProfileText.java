package dev.leakverifier.profile;

import static java.time.temporal.ChronoUnit.MILLIS;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import dev.leakverifier.report.GroupText;
import dev.leakverifier.text.Names;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The groups of a profile as text: for each how many, what is to be said of it, and its stack. */
final class ProfileText {
  /** So deep is hardly a stack but one that calls itself. */
  private static final int MAX_FRAMES = 200;

  private static final int MAX_OWNERS = 4;

  private final StringBuilder text = new StringBuilder();
  private final boolean isDifference;

  private ProfileText(boolean isDifference) {
    this.isDifference = isDifference;
  }

  static String of(ThreadProfile profile) {
    ProfileText text = new ProfileText(profile.since().isPresent());
    text.line(headline(profile));
    profile.notSeen().forEach(what -> text.line("not seen: " + Names.visible(what)));
    text.appendOwn(profile.groups().stream().filter(group -> group.jvm().isEmpty()).toList());
    text.appendJvm(profile.groups().stream().filter(group -> group.jvm().isPresent()).toList());
    return text.text.toString();
  }

  /** What the profile is, in one line. */
  static String headline(ThreadProfile profile) {
    int total = profile.total();
    boolean isDifference = profile.since().isPresent();
    String time = profile.time().truncatedTo(MILLIS).toString();
    return "thread profile: %s %s in %s%s"
        .formatted(
            isDifference ? signed(total) : total,
            Math.abs(total) == 1 ? "thread" : "threads",
            groups(profile.groups().size(), isDifference),
            profile
                .since()
                .map(since -> ", from " + since.truncatedTo(MILLIS) + " to " + time)
                .orElse(", at " + time));
  }

  /** The threads of one state each, as {@code 118 WAITING, 2 RUNNABLE}; the number if need be. */
  static String states(ProfileGroup group) {
    Map<Thread.State, Long> states =
        members(group).stream().collect(groupingBy(ThreadSample::state, TreeMap::new, counting()));
    return states.entrySet().stream()
        .map(state -> (states.size() == 1 ? "" : state.getValue() + " ") + state.getKey())
        .collect(joining(", "));
  }

  private static String groups(int count, boolean isDifference) {
    return GroupText.count(count, isDifference ? "changed group" : "group");
  }

  private static String signed(int count) {
    return String.format(Locale.ROOT, "%+d", count);
  }

  private void appendOwn(List<ProfileGroup> groups) {
    if (!groups.isEmpty()) {
      line("kind, why and fix say what each would be if it were no longer needed");
    }
    groups.forEach(this::append);
  }

  private void append(ProfileGroup group) {
    text.append('\n');
    line(title(group));
    label("kind", group.diagnosis().kind().label());
    label("why", group.diagnosis().why());
    group.diagnosis().details().forEach(detail -> label("", detail));
    label("fix", group.diagnosis().fix());
    GroupText.startedAt(group.example()).ifPresent(place -> label("started", "by " + place));
    appendOwners(group);
    label("fingerprint", group.fingerprint().toString());
    appendStack(group);
  }

  private String title(ProfileGroup group) {
    return "%s @ %s   %s%s"
        .formatted(
            isDifference ? signed(group.count()) : group.count(),
            Names.quoted(group.name()),
            group.example().isVirtual() ? "virtual, " : "",
            states(group));
  }

  private void appendOwners(ProfileGroup group) {
    List<String> owners = GroupText.owners(members(group));
    if (!owners.isEmpty()) {
      label("owner", GroupText.list(owners, MAX_OWNERS));
    }
  }

  private void appendStack(ProfileGroup group) {
    Map<List<StackTraceElement>, Integer> stacks = StackCounts.of(group);
    if (stacks.size() > 1) {
      label("stack", "the most common of " + stacks.size());
    }
    List<StackTraceElement> frames =
        stacks.keySet().stream().findFirst().orElse(group.example().frames());
    frames.stream()
        .limit(MAX_FRAMES)
        .forEach(frame -> line("#\t" + Names.visible(StackFrames.text(frame))));
    if (frames.size() > MAX_FRAMES) {
      line("#\t... " + GroupText.count(frames.size() - MAX_FRAMES, "more frame"));
    }
    if (frames.isEmpty()) {
      line("#\tno Java stack");
    }
  }

  private void appendJvm(List<ProfileGroup> groups) {
    if (groups.isEmpty()) {
      return;
    }
    text.append('\n');
    line("the JVM's own:");
    groups.forEach(group -> line(title(group) + "   " + group.jvm().orElse("")));
  }

  private static List<ThreadSample> members(ProfileGroup group) {
    return group.threads().isEmpty() ? group.gone() : group.threads();
  }

  private void label(String name, String value) {
    line("# %-11s %s".formatted(name, value).stripTrailing());
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
