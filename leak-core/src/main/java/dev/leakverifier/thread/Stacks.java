package dev.leakverifier.thread;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The stacks that one look has read; of equal ones one is kept: thousands may have the same. */
final class Stacks {
  private final Map<List<StackTraceElement>, Supplier<ImmutableList<StackTraceElement>>> known =
      new HashMap<>();

  /** What a reader gets of {@code stack}; made when it is first asked for, which may be never. */
  Supplier<ImmutableList<StackTraceElement>> plain(StackTraceElement[] stack) {
    return known.computeIfAbsent(
        Arrays.asList(stack), frames -> Suppliers.memoize(() -> withoutNoise(frames)));
  }

  private static ImmutableList<StackTraceElement> withoutNoise(List<StackTraceElement> frames) {
    return frames.stream()
        .filter(frame -> !StackFrames.isHidden(frame))
        .map(StackFrames::plain)
        .collect(toImmutableList());
  }
}
