package dev.leakverifier.heap;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.PlatformManagedObject;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The heap of this JVM, of which the module {@code jdk.management} tells, where it is there. */
final class JvmHeap {
  private static final String BEAN = "com.sun.management.HotSpotDiagnosticMXBean";

  /** What a dump needs beside the objects: classes, their names, stacks. */
  private static final long BESIDE_OBJECTS = 32L << 20;

  private JvmHeap() {}

  /** Writes a dump of what is reachable to {@code path}, which does not exist yet. */
  static void dumpTo(Path path) throws IOException {
    try {
      checkRoom(Files.getFileStore(path.toAbsolutePath().getParent()).getUsableSpace(), live());
      Class<? extends PlatformManagedObject> type =
          Class.forName(BEAN).asSubclass(PlatformManagedObject.class);
      type.getMethod("dumpHeap", String.class, boolean.class)
          .invoke(
              ManagementFactory.getPlatformMXBean(type),
              path.toAbsolutePath().toString(),
              /* live= */ true);
    } catch (InvocationTargetException e) {
      throw new IOException("dumpHeap threw " + e.getCause(), e);
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      throw new IOException("this JVM has no HotSpotDiagnosticMXBean.dumpHeap", e);
    }
  }

  static void checkRoom(long free, long heap) throws IOException {
    long needed = heap + BESIDE_OBJECTS;
    if (free < needed) {
      throw new IOException(
          "a heap dump may need %d MB, and %s has %d MB free (java.io.tmpdir names another folder)"
              .formatted(needed >> 20, System.getProperty("java.io.tmpdir"), free >> 20));
    }
  }

  /**
   * How many bytes are live, as far as is known without a collection. What is old counts as live;
   * of what is young, only what the last collection has left, once there was one.
   */
  static long live() {
    boolean collected =
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .anyMatch(collector -> collector.getCollectionCount() > 0);
    long live = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP) {
        boolean isYoung = !pool.isUsageThresholdSupported();
        MemoryUsage left = collected && isYoung ? pool.getCollectionUsage() : pool.getUsage();
        live += left == null ? 0 : left.getUsed();
      }
    }
    return live;
  }
}
