package dev.leakverifier.heap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The stacks in a heap dump, with all frames. */
final class HeapStacks {
  /** What {@code StackTraceElement} takes for the line of a native method. */
  private static final int NATIVE_METHOD = -2;

  private static final int NATIVE_IN_HEAP_DUMP = -3;

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

  private final HprofFile file;
  private final HeapTypes types;

  HeapStacks(HprofFile file, HeapTypes types) {
    this.file = file;
    this.types = types;
  }

  private record Frame(int classSerial, long methodId, long sourceId, int line) {}

  /** The stacks of threads, topmost frame first, by the id of the thread's object. */
  Map<Long, List<StackTraceElement>> of(Collection<Long> threads) throws IOException {
    Map<Long, Integer> traceOf = traces(new HashSet<>(threads));
    Map<Integer, long[]> traces = new HashMap<>();
    Set<Long> frameIds = new HashSet<>();
    Set<Integer> wanted = new HashSet<>(traceOf.values());
    file.read(
        new HprofVisitor.Beside() {
          @Override
          void trace(int serial, long[] frames) {
            if (wanted.contains(serial)) {
              traces.put(serial, frames);
              for (long frame : frames) {
                frameIds.add(frame);
              }
            }
          }
        });
    Map<Long, StackTraceElement> frames = frames(frameIds);
    Map<Long, List<StackTraceElement>> stacks = new HashMap<>();
    for (Map.Entry<Long, Integer> thread : traceOf.entrySet()) {
      List<StackTraceElement> stack = new ArrayList<>();
      for (long id : traces.getOrDefault(thread.getValue(), new long[0])) {
        StackTraceElement frame = frames.get(id);
        if (frame == null) {
          throw new IOException("a frame is missing");
        }
        stack.add(frame);
      }
      stacks.put(thread.getKey(), stack);
    }
    return stacks;
  }

  private Map<Long, Integer> traces(Set<Long> threads) throws IOException {
    Map<Long, Integer> traces = new HashMap<>();
    file.read(
        new HprofVisitor() {
          @Override
          void thread(long objectId, int threadSerial, int traceSerial) {
            if (threads.contains(objectId)) {
              traces.put(objectId, traceSerial);
            }
          }
        });
    return traces;
  }

  private Map<Long, StackTraceElement> frames(Set<Long> ids) throws IOException {
    Map<Long, Frame> frames = new HashMap<>();
    Set<Long> names = new HashSet<>();
    file.read(
        new HprofVisitor.Beside() {
          @Override
          void frame(long id, long methodId, long sourceId, int classSerial, int line) {
            if (ids.contains(id)) {
              frames.put(id, new Frame(classSerial, methodId, sourceId, line));
              names.add(methodId);
              names.add(sourceId);
            }
          }
        });
    Map<Long, String> texts = types.texts(names);
    Map<Long, StackTraceElement> elements = new HashMap<>();
    frames.forEach((id, frame) -> elements.put(id, element(frame, texts)));
    return elements;
  }

  private StackTraceElement element(Frame frame, Map<Long, String> texts) {
    String className = types.nameOfSerial(frame.classSerial());
    boolean isNative = frame.line() == NATIVE_IN_HEAP_DUMP;
    return new StackTraceElement(
        null,
        module(className),
        null,
        className,
        texts.getOrDefault(frame.methodId(), ""),
        isNative ? null : texts.get(frame.sourceId()),
        isNative ? NATIVE_METHOD : Math.max(-1, frame.line()));
  }

  private static @Nullable String module(String className) {
    int end = className.lastIndexOf('.');
    return end < 0 ? null : Modules.OF_PACKAGES.get(className.substring(0, end));
  }
}
