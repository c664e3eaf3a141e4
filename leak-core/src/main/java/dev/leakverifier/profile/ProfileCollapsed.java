package dev.leakverifier.profile;

import static java.util.stream.Collectors.joining;

import dev.leakverifier.text.Names;
import dev.leakverifier.thread.StackFrames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A profile as collapsed stacks: a line for each, its functions from the root on, and a count. */
final class ProfileCollapsed {
  private ProfileCollapsed() {}

  static String of(ThreadProfile profile) {
    Map<String, Integer> counts = new TreeMap<>();
    for (ProfileGroup group : profile.groups()) {
      StackCounts.of(group)
          .forEach((frames, count) -> counts.merge(line(frames), count, Integer::sum));
    }
    return counts.entrySet().stream()
        .filter(stack -> stack.getValue() > 0)
        .map(stack -> stack.getKey() + " " + stack.getValue() + "\n")
        .collect(joining());
  }

  /** No name that the JVM takes has a semicolon in it, but a sample from elsewhere may. */
  private static String line(List<StackTraceElement> frames) {
    if (frames.isEmpty()) {
      return ProfilePprof.NO_STACK;
    }
    List<StackTraceElement> bottomFirst = new ArrayList<>(frames);
    Collections.reverse(bottomFirst);
    return bottomFirst.stream()
        .map(frame -> Names.visible(StackFrames.function(frame)).replace(';', ':'))
        .collect(joining(";"));
  }
}
