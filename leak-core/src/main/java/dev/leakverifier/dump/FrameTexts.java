package dev.leakverifier.dump;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Interner;
import com.google.common.collect.Interners;
import dev.leakverifier.dump.ThreadHeader.Form;
import dev.leakverifier.thread.StackFrames;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns lines into frames; keeps one of each, since thousands of threads may have the same. */
final class FrameTexts {
  /** Of which a dump has fewer, unless somebody made it in order to fill the heap. */
  private static final int MOST_KEPT = 50_000;

  private final Map<String, StackTraceElement> parsed = new HashMap<>();
  private final Interner<ImmutableList<StackTraceElement>> stacks = Interners.newStrongInterner();
  private boolean modules = true;

  /** The dump is of a JVM that has no modules: JDK 8 or older. */
  void noModules() {
    modules = false;
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
    if (form != Form.FILE && !modules) {
      frame = inModule(frame);
    }
    if (parsed.size() < MOST_KEPT) {
      parsed.put(text, frame);
    }
    return frame;
  }

  /** The stack itself, or an equal one from before. */
  ImmutableList<StackTraceElement> stack(ImmutableList<StackTraceElement> frames) {
    return stacks.intern(frames);
  }

  /** The JDK's frames are told by their module, which JDK 8 has not: there, the package tells. */
  private static StackTraceElement inModule(StackTraceElement frame) {
    String name = frame.getClassName();
    return name.startsWith("java.") || name.startsWith("sun.") || name.startsWith("jdk.")
        ? new StackTraceElement(
            null,
            "java.base",
            null,
            name,
            frame.getMethodName(),
            frame.getFileName(),
            frame.getLineNumber())
        : frame;
  }
}
