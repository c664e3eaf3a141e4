package dev.leakverifier.jvm;

import dev.leakverifier.host.Guard;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;

/** The heap of this JVM, of which the module {@code jdk.management} tells, where it is there. */
final class JvmHeap implements HeapCensus.Heap {
  private static final String BEAN = "com.sun.management.HotSpotDiagnosticMXBean";

  /** What a dump needs beside the objects: classes, their names, stacks. */
  private static final long BESIDE_OBJECTS = 32L << 20;

  /** Apart, since a Java runtime need not have these classes. */
  private static final class Histogram {
    static String take() throws JMException {
      return String.valueOf(
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()}));
    }
  }

  @Override
  public boolean hasNoVirtualThread() {
    return Guard.make("the class histogram", () -> showsNone(Histogram.take()), lost -> false);
  }

  /** Whether that is a histogram, and has neither kind of virtual thread. */
  static boolean showsNone(String histogram) {
    return histogram.contains(" java.lang.Thread ")
        && !histogram.contains(" java.lang.VirtualThread ")
        && !histogram.contains(" java.lang.ThreadBuilders$BoundVirtualThread ");
  }

  @Override
  public void dumpTo(Path file) throws IOException {
    long needed = usedHeap() + BESIDE_OBJECTS;
    FileStore disk = Files.getFileStore(file.toAbsolutePath().getParent());
    if (disk.getUsableSpace() < needed) {
      throw new IOException(
          "it may need " + (needed >> 20) + " MB, and " + disk + " has less: set java.io.tmpdir");
    }
    try {
      Class<? extends PlatformManagedObject> type =
          Class.forName(BEAN).asSubclass(PlatformManagedObject.class);
      type.getMethod("dumpHeap", String.class, boolean.class)
          .invoke(
              ManagementFactory.getPlatformMXBean(type),
              file.toAbsolutePath().toString(),
              /* live= */ true);
    } catch (InvocationTargetException e) {
      throw new IOException("dumpHeap threw " + e.getCause(), e);
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      throw new IOException("this JVM has no HotSpotDiagnosticMXBean.dumpHeap", e);
    }
  }

  private static long usedHeap() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
