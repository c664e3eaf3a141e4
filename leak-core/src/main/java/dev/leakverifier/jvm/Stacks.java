package dev.leakverifier.jvm;

import com.google.common.base.Suppliers;
import dev.leakverifier.thread.StackFrames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The stacks that one look has read; of equal ones one is kept: thousands may have the same. */
public final class Stacks {
  private final Map<List<StackTraceElement>, Supplier<List<StackTraceElement>>> known =
      new HashMap<>();

  /** What a reader gets of {@code stack}; made when it is first asked for, which may be never. */
  public Supplier<List<StackTraceElement>> plain(StackTraceElement[] stack) {
    return known.computeIfAbsent(
        Arrays.asList(stack), frames -> Suppliers.memoize(() -> withoutNoise(frames)));
  }

  private static List<StackTraceElement> withoutNoise(List<StackTraceElement> frames) {
    List<StackTraceElement> plain = new ArrayList<>(frames.size());
    for (StackTraceElement frame : frames) {
      if (!StackFrames.isHidden(frame)) {
        plain.add(StackFrames.plain(frame));
      }
    }
    return Collections.unmodifiableList(plain);
  }
}
