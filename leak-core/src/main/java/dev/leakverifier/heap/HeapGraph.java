package dev.leakverifier.heap;

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
  private static final String OURS = "dev.leakverifier.";

  /** What a graph and a walk through it take for each object, with some references. */
  private static final long BYTES_FOR_OBJECT = 48;

  /** Whose fields lead nowhere that a program could go: lists of the JVM's own. */
  private static final Set<String> CUT =
      Set.of(
          "java.lang.ThreadGroup",
          "java.lang.ref.Reference",
          "java.lang.ref.Finalizer",
          "jdk.internal.ref.Cleaner",
          "jdk.internal.ref.PhantomCleanable",
          "jdk.internal.ref.CleanerImpl$PhantomCleanableRef",
          "jdk.internal.vm.ThreadContainers",
          "jdk.internal.vm.ThreadContainers$RootContainer",
          "jdk.internal.vm.ThreadContainers$RootContainer$TrackingRootContainer",
          "jdk.internal.vm.ThreadContainers$RootContainer$CountingRootContainer");

  /** From what much of a program can be reached that nobody meant: so it holds nothing for long. */
  private static final List<String> APART =
      List.of(
          "java.lang.Thread",
          "java.lang.ClassLoader",
          "java.util.logging.LogManager",
          "com.sun.jmx.mbeanserver.Repository");

  /** Of what the JVM or the JDK runs when something was collected. */
  private static final Set<String> CLEANING =
      Set.of(
          "java.lang.ref.Finalizer",
          "jdk.internal.ref.Cleaner",
          "jdk.internal.ref.PhantomCleanable",
          "jdk.internal.ref.CleanerImpl$PhantomCleanableRef");

  /** Where the JDK's locks and futures keep which thread waits, or works: they do not own it. */
  private static final Set<String> WAITING =
      Set.of("waiter", "thread", "runner", "exclusiveOwnerThread", "firstReader");

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

  /** Whether a class belongs to the JDK. */
  static boolean isJdk(String className) {
    return className.startsWith("java.")
        || className.startsWith("javax.")
        || className.startsWith("jdk.")
        || className.startsWith("sun.")
        || className.startsWith("com.sun.");
  }

  static boolean isOurs(String className) {
    return className.startsWith(OURS);
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
      boolean isList = isOurs(name) || CUT.contains(name);
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

  /** A field that refers to an object, and whether no program could go there. */
  private record Reference(int at, boolean cut) {}

  /** The references of a class; where the id of a thread stands; and what its objects are. */
  private record Layout(
      List<Reference> references, @Nullable Field tid, boolean apart, boolean cleaning) {}

  private final class References extends HprofVisitor {
    private final HprofFile file;
    private final Map<Long, Layout> layouts = new HashMap<>();

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
      Layout layout = layouts.get(classId);
      if (layout == null) {
        layout = layout(classId);
        layouts.put(classId, layout);
      }
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

    private Layout layout(long classId) throws IOException {
      List<Reference> references = new ArrayList<>();
      for (Field field : types.fields(classId)) {
        if (field.isReference()) {
          references.add(new Reference(field.at(), isCut(field)));
        }
      }
      boolean isThread = types.extendsClass(classId, "java.lang.Thread");
      return new Layout(
          references,
          isThread ? types.field(classId, "tid") : null,
          APART.stream().anyMatch(name -> types.extendsClass(classId, name)),
          CLEANING.contains(types.name(classId)));
    }

    private boolean isCut(Field field) {
      String declaredBy = types.name(field.declaredBy());
      return CUT.contains(declaredBy)
          || isOurs(declaredBy)
          || (declaredBy.startsWith("java.util.concurrent.") && WAITING.contains(field.name()));
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
