package dev.leakverifier.heap;

import dev.leakverifier.heap.HeapTypes.Field;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the objects of each class refer to, and where a program could go from there. */
final class HeapLayouts {
  private static final String OURS = "dev.leakverifier.";

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

  private final HeapTypes types;
  private final Map<Long, Layout> known = new HashMap<>();

  HeapLayouts(HeapTypes types) {
    this.types = types;
  }

  /** A field that refers to an object, and whether no program could go there. */
  record Reference(int at, boolean cut) {}

  /** The references of a class; where the id of a thread stands; and what its objects are. */
  record Layout(List<Reference> references, @Nullable Field tid, boolean apart, boolean cleaning) {}

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

  /** Whether static fields of a class are lists of the JVM's own, or of a check. */
  static boolean isList(String className) {
    return isOurs(className) || CUT.contains(className);
  }

  Layout of(long classId) throws IOException {
    Layout layout = known.get(classId);
    if (layout == null) {
      layout = make(classId);
      known.put(classId, layout);
    }
    return layout;
  }

  private Layout make(long classId) throws IOException {
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
}
