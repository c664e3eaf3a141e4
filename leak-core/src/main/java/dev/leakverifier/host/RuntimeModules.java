package dev.leakverifier.host;

/** Which parts of the JDK there are: an image made with {@code jlink} may lack some. */
public final class RuntimeModules {
  private RuntimeModules() {}

  /** Whether the JVM has started with this module of the JDK. */
  public static boolean has(String module) {
    return ModuleLayer.boot().findModule(module).isPresent();
  }
}
