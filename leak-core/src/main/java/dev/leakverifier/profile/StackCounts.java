package dev.leakverifier.profile;

import static java.util.stream.Collectors.toMap;

import dev.leakverifier.thread.ThreadSample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many threads of a group have each stack, line for line. */
final class StackCounts {
  private StackCounts() {}

  /** The commonest first; in a difference how many more, without those that stay the same. */
  static Map<List<StackTraceElement>, Integer> of(ProfileGroup group) {
    Map<List<StackTraceElement>, Integer> counts = new LinkedHashMap<>();
    for (ThreadSample thread : group.threads()) {
      counts.merge(thread.frames(), 1, Integer::sum);
    }
    for (ThreadSample thread : group.gone()) {
      counts.merge(thread.frames(), -1, Integer::sum);
    }
    return counts.entrySet().stream()
        .filter(stack -> stack.getValue() != 0)
        .sorted(
            Map.Entry.<List<StackTraceElement>, Integer>comparingByValue(
                (one, other) -> Math.abs(other) - Math.abs(one)))
        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue, Integer::sum, LinkedHashMap::new));
  }
}
