package dev.leakverifier.profile;

import static java.util.Comparator.comparingLong;

import com.google.common.annotations.VisibleForTesting;
import dev.leakverifier.report.GroupText;
import dev.leakverifier.text.Names;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadLock;
import dev.leakverifier.thread.ThreadSample;
import java.util.List;

/** Every thread of a profile as text, in the form of a thread dump of the JVM's. */
final class ProfileThreadText {
  /** As Go: a person reads no more, and this is kept in memory. */
  private static final int MAX_CHARS = 64_000_000;

  private final StringBuilder text = new StringBuilder();
  private final int maxChars;

  private ProfileThreadText(int maxChars) {
    this.maxChars = maxChars;
  }

  static String of(ThreadProfile profile) {
    return of(profile, MAX_CHARS);
  }

  @VisibleForTesting
  static String of(ThreadProfile profile, int maxChars) {
    ProfileThreadText text = new ProfileThreadText(maxChars);
    text.line(ProfileText.headline(profile));
    profile.notSeen().forEach(what -> text.line("not seen: " + Names.visible(what)));
    List<ThreadSample> threads = threads(profile, ProfileGroup::threads);
    List<ThreadSample> gone = threads(profile, ProfileGroup::gone);
    if (profile.since().isPresent()) {
      text.line("\ncame: " + threads.size());
    }
    text.append(threads);
    if (profile.since().isPresent()) {
      text.line("\nwent: " + gone.size());
      text.append(gone);
    }
    return text.text.toString();
  }

  private interface Part {
    List<ThreadSample> of(ProfileGroup group);
  }

  private static List<ThreadSample> threads(ThreadProfile profile, Part part) {
    return profile.groups().stream()
        .flatMap(group -> part.of(group).stream())
        .sorted(comparingLong(ThreadSample::id))
        .toList();
  }

  private void append(List<ThreadSample> threads) {
    for (int i = 0; i < threads.size(); i++) {
      if (text.length() > maxChars) {
        line("\ncut here: " + (threads.size() - i) + " more");
        return;
      }
      append(threads.get(i));
    }
  }

  private void append(ThreadSample thread) {
    line(
        "\n%s #%d%s%s"
            .formatted(
                Names.quoted(thread.name()),
                thread.id(),
                thread.isDaemon() ? " daemon" : "",
                thread.isVirtual() ? " virtual" : ""));
    line("   java.lang.Thread.State: " + thread.state());
    List<StackTraceElement> frames = thread.frames();
    for (int i = 0; i < frames.size(); i++) {
      line("\tat " + Names.visible(StackFrames.text(frames.get(i))));
      if (i == 0) {
        thread.lock().ifPresent(this::append);
      }
    }
    GroupText.startedAt(thread).ifPresent(place -> line("   started by " + place));
    thread.owner().ifPresent(owner -> line("   owned by " + Names.visible(owner)));
  }

  private void append(ThreadLock lock) {
    line(
        "\t- waiting for <%s>%s"
            .formatted(
                Names.visible(lock.toString()),
                lock.ownerId().isPresent() ? " held by #" + lock.ownerId().getAsLong() : ""));
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
