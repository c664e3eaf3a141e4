package dev.leakverifier.dump;

import dev.leakverifier.json.JsonReader;
import dev.leakverifier.json.RawText;
import dev.leakverifier.json.RecentValues;
import dev.leakverifier.thread.StackFrames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The stacks of one thread dump: keeps one of each frame and one of each stack, since thousands of
 * threads may have the same.
 */
final class DumpedStacks {
  private final Map<RawText, StackTraceElement> frames = new HashMap<>();
  private final Map<List<StackTraceElement>, List<StackTraceElement>> stacks = new HashMap<>();

  /** The one that is being read. */
  private final List<StackTraceElement> current = new ArrayList<>();

  private final RecentValues<List<StackTraceElement>> recent = new RecentValues<>(this::read);

  /** The next value, an array of frames; those of hidden classes are left out. */
  List<StackTraceElement> next(JsonReader json) throws IOException {
    return recent.next(json);
  }

  private List<StackTraceElement> read(JsonReader json) throws IOException {
    current.clear();
    json.beginArray();
    while (json.nextElement()) {
      StackTraceElement frame = frame(json);
      if (!StackFrames.isHidden(frame)) {
        current.add(frame);
      }
    }
    List<StackTraceElement> stack = stacks.get(current);
    if (stack == null) {
      stack = List.copyOf(current);
      stacks.put(stack, stack);
    }
    return stack;
  }

  private StackTraceElement frame(JsonReader json) throws IOException {
    RawText raw = json.rawString();
    StackTraceElement frame = frames.get(raw);
    if (frame == null) {
      String text = json.text();
      frame = StackFrames.parse(text);
      if (frame == null) {
        throw json.malformed("\"" + text + "\" is no frame");
      }
      frames.put(raw.copy(), frame);
    }
    return frame;
  }
}
