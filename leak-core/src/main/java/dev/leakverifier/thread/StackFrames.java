package dev.leakverifier.thread;

import com.google.common.base.Strings;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a stack frame reads, and whose it is. Public for adapters, which tell by it whether a frame
 * is the code of a test.
 */
public final class StackFrames {
  /** What {@code StackTraceElement} takes for the line of a native method. */
  private static final int NATIVE_METHOD = -2;

  /** The frame's function: {@code Class.getName() + "." + method}. */
  public static String function(StackTraceElement frame) {
    return frame.getClassName() + "." + frame.getMethodName();
  }

  /** Whether that is the frame's function; makes no string, since it is asked of many frames. */
  public static boolean isFunction(StackTraceElement frame, String function) {
    String className = frame.getClassName();
    String method = frame.getMethodName();
    return function.length() == className.length() + 1 + method.length()
        && function.startsWith(className)
        && function.charAt(className.length()) == '.'
        && function.endsWith(method);
  }

  /** The frame as {@code com.acme.Pool.run(Pool.java:31)}, without loader and module. */
  public static String text(StackTraceElement frame) {
    return function(frame) + "(" + place(frame) + ")";
  }

  /** Whether the frame is the JDK's own: told by its module, so no class name can pretend it. */
  public static boolean isJdk(StackTraceElement frame) {
    String module = frame.getModuleName();
    return module == null
        ? frame.getClassName().startsWith("jdk.internal.reflect.Generated") // in none, up to 17
        : module.startsWith("java.") || module.startsWith("jdk.");
  }

  /** The index of the topmost frame that is not the JDK's; -1 if all are. */
  public static int firstOutsideJdk(List<StackTraceElement> frames) {
    for (int i = 0; i < frames.size(); i++) {
      if (!isJdk(frames.get(i))) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Whether the frame is of this method, or of a lambda in it as javac names these.
   *
   * @param method may be {@code <init>}, a constructor, or {@code <clinit>}, a static initialiser
   */
  public static boolean isOf(StackTraceElement frame, String className, String method) {
    return frame.getClassName().equals(className)
        && (frame.getMethodName().equals(method)
            || frame.getMethodName().startsWith("lambda$" + inLambdas(method) + "$"));
  }

  private static String inLambdas(String method) {
    return switch (method) {
      case "<init>" -> "new";
      case "<clinit>" -> "static";
      default -> method;
    };
  }

  /** The frame without its class loader and without its module's version: noise to a reader. */
  public static StackTraceElement plain(StackTraceElement frame) {
    return new StackTraceElement(
        null,
        frame.getModuleName(),
        null,
        frame.getClassName(),
        frame.getMethodName(),
        frame.getFileName(),
        frame.getLineNumber());
  }

  /**
   * The frame that {@link StackTraceElement#toString()} gave as {@code text}; null if it is none.
   * Class loader and module version are left out, as in {@link #plain}.
   */
  public static @Nullable StackTraceElement parse(String text) {
    return frame(Formats.FRAME.matcher(text));
  }

  /**
   * The frame that the JVM's own thread dump ({@code jstack}, {@code jcmd Thread.print}) gave as
   * {@code text}, which has the module beside the file; null if it is none.
   */
  public static @Nullable StackTraceElement parseJvm(String text) {
    return frame(Formats.JVM_FRAME.matcher(text));
  }

  private static @Nullable StackTraceElement frame(Matcher frame) {
    if (!frame.matches()) {
      return null;
    }
    String file = frame.group("file");
    String line = frame.group("line");
    boolean isNative = file.equals("Native Method");
    return new StackTraceElement(
        null,
        Strings.emptyToNull(Strings.nullToEmpty(frame.group("module"))),
        null,
        frame.group("class"),
        frame.group("method"),
        isNative || file.equals("Unknown Source") ? null : file,
        isNative ? NATIVE_METHOD : line == null ? -1 : Integer.parseInt(line));
  }

  /** Whether the JVM made the frame's class for a lambda: only a hidden class has such a name. */
  public static boolean isHidden(StackTraceElement frame) {
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

  /** How frames read in texts; apart, since whoever only looks at threads does not need it. */
  private static final class Formats {
    /**
     * {@code loader/module@version/Class.method(File:line)}. Of the part before the class there may
     * be only the module, or only the loader with two slashes; a hidden class has a slash in its
     * name.
     */
    static final Pattern FRAME =
        Pattern.compile(
            "(?:(?:.*/)?(?<module>[^/@]*)(?:@[^/]*)?/)?"
                + "(?!0x\\p{XDigit}+\\.)(?<class>[^/]+?(?:/0x\\p{XDigit}+)?)\\.(?<method>[^./]+)"
                + "\\((?<file>[^()]*?)(?::(?<line>\\d{1,9}))?\\)",
            Pattern.DOTALL);

    /**
     * {@code Class.method(module@version/File:line)}, as the JVM itself prints; of a hidden class,
     * the part after the slash in its name is part of the class here.
     */
    static final Pattern JVM_FRAME =
        Pattern.compile(
            "(?<class>.+)\\.(?<method>[^./]+)"
                + "\\((?:(?<module>[\\p{javaJavaIdentifierPart}.]+)(?:@[^/()]*)?/)?"
                + "(?<file>[^()]*?)(?::(?<line>\\d{1,9}))?\\)",
            Pattern.DOTALL);
  }

  private StackFrames() {}
}
