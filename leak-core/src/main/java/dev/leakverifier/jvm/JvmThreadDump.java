package dev.leakverifier.jvm;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code HotSpotDiagnosticMXBean.dumpThreads}, which is there since JDK 21 where the module {@code
 * jdk.management} is, and so is reached by reflection.
 */
final class JvmThreadDump implements ThreadDumpCensus.Dump {
  private static final String BEAN = "com.sun.management.HotSpotDiagnosticMXBean";
  private static final String UNTRACKED = "virtual threads that belong to no executor: this JVM ";

  /** What cannot change while this JVM runs; found out when it is first needed. */
  private static final class Setup {
    static final boolean BOUND = vmOption("VMContinuations").equals("false");
    static final Optional<String> GAP = findGap();
  }

  private volatile @Nullable Operation operation;

  /** What the dump leaves out, in a line: virtual threads that were not started by an executor. */
  static Optional<String> gap() {
    return Setup.GAP;
  }

  private static Optional<String> findGap() {
    String setting = System.getProperty("jdk.trackAllThreads", ""); // read as the JDK does
    if (!setting.isEmpty() && !Boolean.parseBoolean(setting)) {
      return Optional.of(UNTRACKED + "runs with -Djdk.trackAllThreads=false");
    }
    if (bindsVirtualThreads()) {
      return Optional.of(UNTRACKED + "binds each virtual thread to a platform thread");
    }
    return Optional.empty();
  }

  /** Whether this JVM binds each virtual thread to a platform thread of its own. */
  static boolean bindsVirtualThreads() {
    return Setup.BOUND;
  }

  /** Empty where there is no such option. */
  private static String vmOption(String name) {
    try {
      Class<? extends PlatformManagedObject> type =
          Class.forName(BEAN).asSubclass(PlatformManagedObject.class);
      Object option =
          type.getMethod("getVMOption", String.class)
              .invoke(ManagementFactory.getPlatformMXBean(type), name);
      return String.valueOf(option.getClass().getMethod("getValue").invoke(option));
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      return "";
    }
  }

  @Override
  public void writeTo(Path file) throws IOException {
    operation().writeTo(file, "JSON");
  }

  @Override
  public void writeTextTo(Path file) throws IOException {
    operation().writeTo(file, "TEXT_PLAIN");
  }

  private Operation operation() throws IOException {
    Operation known = operation;
    if (known == null) {
      known = Operation.find();
      operation = known;
    }
    return known;
  }

  private record Operation(Object bean, Method dumpThreads, Class<?> formats) {
    static Operation find() throws IOException {
      try {
        Class<? extends PlatformManagedObject> type =
            Class.forName(BEAN).asSubclass(PlatformManagedObject.class);
        Class<?> format = Class.forName(BEAN + "$ThreadDumpFormat");
        return new Operation(
            ManagementFactory.getPlatformMXBean(type),
            type.getMethod("dumpThreads", String.class, format),
            format);
      } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
        throw new IOException("this JVM has no HotSpotDiagnosticMXBean.dumpThreads", e);
      }
    }

    void writeTo(Path file, String format) throws IOException {
      try {
        dumpThreads.invoke(
            bean, file.toAbsolutePath().toString(), formats.getField(format).get(null));
      } catch (InvocationTargetException e) {
        throw e.getCause() instanceof FileSystemException disk
            ? disk
            : new IOException("dumpThreads threw " + e.getCause(), e);
      } catch (ReflectiveOperationException e) {
        throw new IOException("dumpThreads cannot be called", e);
      }
    }
  }
}
