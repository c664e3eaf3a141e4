package dev.leakverifier.thread;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;

/**
 * {@code HotSpotDiagnosticMXBean.dumpThreads}, which is there since JDK 21 where the module {@code
 * jdk.management} is, and so is reached by reflection.
 */
final class JvmThreadDump implements VirtualThreads.Dump {
  private static final String BEAN = "com.sun.management.HotSpotDiagnosticMXBean";

  /**
   * Whether the dump shows virtual threads that were not started by an executor; as the JDK asks.
   */
  static boolean tracksAllThreads() {
    String setting = System.getProperty("jdk.trackAllThreads", "");
    return setting.isEmpty() || Boolean.parseBoolean(setting);
  }

  @Override
  public void writeTo(Path file) throws IOException {
    try {
      Class<? extends PlatformManagedObject> bean =
          Class.forName(BEAN).asSubclass(PlatformManagedObject.class);
      Class<?> format = Class.forName(BEAN + "$ThreadDumpFormat");
      Method dumpThreads = bean.getMethod("dumpThreads", String.class, format);
      Object json = format.getField("JSON").get(null);
      dumpThreads.invoke(
          ManagementFactory.getPlatformMXBean(bean), file.toAbsolutePath().toString(), json);
    } catch (InvocationTargetException e) {
      throw new IOException("dumpThreads threw " + e.getCause(), e);
    } catch (ReflectiveOperationException | LinkageError | IllegalArgumentException e) {
      throw new IOException("this JVM has no HotSpotDiagnosticMXBean.dumpThreads", e);
    }
  }
}
