package dev.leakverifier.dump;

import dev.leakverifier.dump.ThreadHeader.Form;
import dev.leakverifier.thread.StackFrames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns lines into frames; keeps one of each, since thousands of threads may have the same. */
final class FrameTexts {
  /** Of which a dump has fewer, unless somebody made it in order to fill the heap. */
  private static final int MOST_KEPT = 50_000;

  private final Map<String, StackTraceElement> parsed = new HashMap<>();
  private final Map<List<StackTraceElement>, List<StackTraceElement>> stacks = new HashMap<>();
  private boolean modules = true;

  /** Whether the dump is of a JVM that has modules: JDK 9 or newer. */
  void modules(boolean has) {
    modules = has;
  }

  /** Whether a frame is one that every JDK shows. */
  static boolean isShown(StackTraceElement frame) {
    return !StackFrames.isHidden(frame) && !isJdks(frame, "java.lang.Thread.runWith");
  }

  static boolean isJdks(StackTraceElement frame, String function) {
    return StackFrames.isJdk(frame) && StackFrames.isFunction(frame, function);
  }

  /** The frame that {@code text} is in a dump of that form; null if it is none. */
  @Nullable StackTraceElement frame(String text, Form form) {
    StackTraceElement known = parsed.get(text);
    if (known != null) {
      return known;
    }
    StackTraceElement frame =
        form == Form.JVM ? StackFrames.parseJvm(text) : StackFrames.parse(text);
    if (frame == null) {
      return null;
    }
    StackTraceElement kept = inItsModule(frame);
    if (parsed.size() < MOST_KEPT) {
      parsed.put(text, kept);
    }
    return kept;
  }

  /** The JDK's frames are told by their module, which JDK 8 has not: there, the package tells. */
  StackTraceElement inItsModule(StackTraceElement frame) {
    String name = frame.getClassName();
    boolean jdks = name.startsWith("java.") || name.startsWith("sun.") || name.startsWith("jdk.");
    return modules || !jdks
        ? frame
        : new StackTraceElement(
            null,
            "java.base",
            null,
            name,
            frame.getMethodName(),
            frame.getFileName(),
            frame.getLineNumber());
  }

  /** The one of the equal stacks that is kept. */
  List<StackTraceElement> stack(List<StackTraceElement> frames) {
    List<StackTraceElement> known = stacks.get(frames);
    if (known == null) {
      known = List.copyOf(frames);
      stacks.put(known, known);
    }
    return known;
  }
}
