package dev.leakverifier.heap;

import dev.leakverifier.heap.HeapLayouts.Layout;
import dev.leakverifier.heap.HeapLayouts.Reference;
import dev.leakverifier.heap.HeapTypes.Field;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The references of a heap dump. Of each object that may have some only these are kept, as numbers:
 * 30 to 50 bytes an object.
 */
final class HeapGraph {
  private static final int END = Integer.MIN_VALUE;

  /** What a graph and a walk through it take for each object, with some references. */
  private static final long BYTES_FOR_OBJECT = 48;

  final HeapTypes types;
  final HeapIndex index = new HeapIndex();
  final List<Root> roots = new ArrayList<>();

  /** Threads, class loaders, and what else anybody may be reached from. */
  final Set<Integer> apart = new HashSet<>();

  /** What the JVM or the JDK runs when something was collected. */
  final BitSet cleaning = new BitSet();

  private final Map<Long, Integer> threads = new HashMap<>(); // by tid
  private int[] start = new int[0];
  private int[] edges = new int[1 << 14];
  private int edgeCount;

  HeapGraph(HprofFile file, HeapTypes types) throws IOException {
    this.types = types;
    file.read(index);
    checkMemory(index.size());
    index.sort();
    Roots found = new Roots();
    file.read(found);
    found.resolve();
    start = new int[index.size()];
    References references = new References(file);
    file.read(references);
    add(END);
  }

  /** The JVM that is looked at must not run out of memory by it. */
  private static void checkMemory(int objects) throws IOException {
    Runtime jvm = Runtime.getRuntime();
    long free = jvm.maxMemory() - jvm.totalMemory() + jvm.freeMemory();
    long needed = objects * BYTES_FOR_OBJECT;
    if (needed > free / 2) {
      throw new IOException(
          "to look at its %d objects takes %d MB, and of the heap only %d MB are free (-Xmx)"
              .formatted(objects, needed >> 20, free >> 20));
    }
  }

  /** The thread with that id; null if it is not in the dump. */
  @Nullable Integer thread(long tid) {
    return threads.get(tid);
  }

  /** Those of the threads that are in the dump, by id. */
  Map<Long, Integer> threads(Set<Long> ids) {
    Map<Long, Integer> found = new LinkedHashMap<>(threads);
    found.keySet().retainAll(ids);
    return found;
  }

  /**
   * Passes on what an object refers to.
   *
   * @param alsoCut whether to go where no program could go
   */
  void forEachReference(int object, boolean alsoCut, IntConsumer each) {
    for (int i = start[object]; i >= 0 && edges[i] != END; i++) {
      if (edges[i] >= 0) {
        each.accept(edges[i]);
      } else if (alsoCut) {
        each.accept(-1 - edges[i]);
      }
    }
  }

  private final class Roots extends HprofVisitor {
    private final Map<Integer, Integer> threadOfSerial = new HashMap<>();
    private final List<Root> frames = new ArrayList<>(); // with serials of threads

    @Override
    void statics(long classId, long[] fieldIds, long[] values) {
      String name = types.name(classId);
      boolean isList = HeapLayouts.isList(name);
      for (int i = 0; i < values.length; i++) {
        int object = index.of(values[i]);
        if (object >= 0) {
          roots.add(
              isList
                  ? Root.of(Root.Kind.LIST, object)
                  : Root.ofStatic(object, classId, fieldIds[i]));
        }
      }
    }

    @Override
    void thread(long objectId, int threadSerial, int traceSerial) {
      int thread = index.of(objectId);
      if (thread >= 0) {
        threadOfSerial.put(threadSerial, thread);
        roots.add(Root.of(Root.Kind.THREAD, thread));
      }
    }

    @Override
    void root(long id, int threadSerial, int frame) {
      int object = index.of(id);
      if (object >= 0 && threadSerial == 0) {
        roots.add(Root.of(Root.Kind.JVM, object));
      } else if (object >= 0) {
        frames.add(Root.ofFrame(object, threadSerial, frame));
      }
    }

    void resolve() {
      for (Root root : frames) {
        int thread = threadOfSerial.getOrDefault(root.thread(), -1);
        roots.add(Root.ofFrame(root.object(), thread, root.frame()));
      }
    }
  }

  private final class References extends HprofVisitor {
    private final HprofFile file;
    private final HeapLayouts layouts = new HeapLayouts(types);

    References(HprofFile file) {
      this.file = file;
      Arrays.fill(start, -1);
    }

    @Override
    boolean wantsFields(long id, long classId) {
      return true;
    }

    @Override
    boolean wantsElements(long id) {
      begin(index.of(id));
      return true;
    }

    @Override
    void fields(long id, long classId, ByteBuffer content) throws IOException {
      Layout layout = layouts.of(classId);
      int from = index.of(id);
      Field tid = layout.tid();
      if (tid != null) {
        threads.put(content.getLong(tid.at()), from);
      }
      if (layout.apart()) {
        apart.add(from);
      }
      cleaning.set(from, layout.cleaning());
      begin(from);
      for (Reference reference : layout.references()) {
        int to = index.of(file.idAt(content, reference.at()));
        if (to >= 0) {
          add(reference.cut() ? -1 - to : to);
        }
      }
    }

    @Override
    void element(long id) {
      int to = index.of(id);
      if (to >= 0) {
        add(to);
      }
    }

    private void begin(int from) {
      add(END);
      start[from] = edgeCount;
    }
  }

  private void add(int edge) {
    if (edgeCount == edges.length) {
      edges = Arrays.copyOf(edges, edgeCount + edgeCount / 2);
    }
    edges[edgeCount++] = edge;
  }
}
