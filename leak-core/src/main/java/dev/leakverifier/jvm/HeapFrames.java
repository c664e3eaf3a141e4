package dev.leakverifier.jvm;

import dev.leakverifier.jvm.HeapObjects.Frame;
import dev.leakverifier.thread.StackFrames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The frames of a heap dump as thread dumps have them: with modules, without those in between. */
final class HeapFrames {
  /** What {@code StackTraceElement} takes for the line of a native method. */
  private static final int NATIVE_METHOD = -2;

  private static final int NATIVE_IN_HEAP_DUMP = -3;

  private static final String BOTTOM = "java.lang.VirtualThread.run";

  /** The JVM hides these from stacks: they change which thread a carrier runs. */
  private static final Set<String> HIDDEN =
      Set.of(
          "java.lang.VirtualThread.yieldContinuation",
          "java.lang.Thread.runWith",
          "java.lang.VirtualThread.runWith");

  /** By package; a class of the same package cannot be elsewhere, but for loaders of tests. */
  private static final class Modules {
    static final Map<String, String> OF_PACKAGES = new HashMap<>();

    static {
      for (Module module : ModuleLayer.boot().modules()) {
        for (String name : module.getPackages()) {
          OF_PACKAGES.put(name, module.getName());
        }
      }
    }
  }

  private final Map<Long, String> texts;
  private final Map<Frame, StackTraceElement> known = new HashMap<>();

  HeapFrames(Map<Long, String> texts) {
    this.texts = texts;
  }

  /** The frames that are shown of a stack. */
  List<StackTraceElement> of(List<Frame> stack) {
    List<StackTraceElement> shown = new ArrayList<>();
    for (Frame frame : stack) {
      StackTraceElement element = known.computeIfAbsent(frame, this::element);
      if (isShown(element)) {
        shown.add(element);
      }
      if (StackFrames.isFunction(element, BOTTOM)) {
        break;
      }
    }
    return shown;
  }

  private static boolean isShown(StackTraceElement frame) {
    return !StackFrames.isHidden(frame)
        && !frame.getClassName().equals("jdk.internal.vm.Continuation")
        && !HIDDEN.contains(StackFrames.function(frame));
  }

  private StackTraceElement element(Frame frame) {
    String className = className(texts.getOrDefault(frame.className(), ""));
    boolean isNative = frame.line() == NATIVE_IN_HEAP_DUMP;
    int line = isNative ? NATIVE_METHOD : Math.max(-1, frame.line());
    return new StackTraceElement(
        null,
        module(className),
        null,
        className,
        texts.getOrDefault(frame.method(), ""),
        isNative ? null : texts.get(frame.source()),
        line);
  }

  private static @Nullable String module(String className) {
    int end = className.lastIndexOf('.');
    return end < 0 ? null : Modules.OF_PACKAGES.get(className.substring(0, end));
  }

  /** The name of a class as {@code Class.getName()} has it; a hidden one has a slash in it. */
  static String className(String symbol) {
    return symbol.replace('/', '.').replace("+0x", "/0x");
  }
}
