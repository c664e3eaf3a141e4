package dev.leakverifier.thread;

/** How a stack frame reads, and whose it is. */
public final class StackFrames {
  /** The frame's function: {@code Class.getName() + "." + method}. */
  public static String function(StackTraceElement frame) {
    return frame.getClassName() + "." + frame.getMethodName();
  }

  /** The frame as {@code com.acme.Pool.run(Pool.java:31)}, without loader and module. */
  public static String text(StackTraceElement frame) {
    return function(frame) + "(" + place(frame) + ")";
  }

  /** Whether the frame is the JDK's own: told by its module, so no class name can pretend it. */
  public static boolean isJdk(StackTraceElement frame) {
    String module = frame.getModuleName();
    return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
  }

  /** Whether the frame is of this method, or of a lambda in it as javac names these. */
  public static boolean isOf(StackTraceElement frame, String className, String method) {
    return frame.getClassName().equals(className)
        && (frame.getMethodName().equals(method)
            || frame.getMethodName().startsWith("lambda$" + method + "$"));
  }

  /** The frame without its class loader and without its module's version: noise to a reader. */
  static StackTraceElement plain(StackTraceElement frame) {
    return new StackTraceElement(
        null,
        frame.getModuleName(),
        null,
        frame.getClassName(),
        frame.getMethodName(),
        frame.getFileName(),
        frame.getLineNumber());
  }

  /** Whether the JVM made the frame's class for a lambda: only a hidden class has such a name. */
  static boolean isHidden(StackTraceElement frame) {
    return frame.getClassName().indexOf('/') >= 0;
  }

  private static String place(StackTraceElement frame) {
    if (frame.isNativeMethod()) {
      return "Native Method";
    }
    if (frame.getFileName() == null) {
      return "Unknown Source";
    }
    return frame.getLineNumber() < 0
        ? frame.getFileName()
        : frame.getFileName() + ":" + frame.getLineNumber();
  }

  private StackFrames() {}
}
