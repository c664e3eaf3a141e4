package dev.leakverifier.opened;

import dev.leakverifier.diagnosis.StackShape;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.util.Optional;

/**
 * What the project's code has opened, or used.
 *
 * @param line where its code called somebody else's
 * @param what the class of what was opened, or the name of the library
 * @param library where that class lies, which is the same for all of one library
 * @param fix what closes it; empty if that is not known
 * @param by how it was opened
 */
public record Opening(
    StackTraceElement line, String what, String library, Optional<String> fix, By by) {

  /** How a call has opened something. */
  public enum By {
    /** It has made it. */
    MAKING,
    /** It has started it. */
    STARTING,
    /** It has only used it, and it may have been opened elsewhere. */
    USING
  }

  /** Whether it was opened by this very call, and not only used there. */
  public boolean isCertain() {
    return by != By.USING;
  }

  /** Whether it may be the same that {@code other} has made. */
  boolean mayBe(Opening other) {
    return switch (by) {
      case MAKING -> equals(other);
      case STARTING -> other.by == By.MAKING && other.what.equals(what);
      case USING -> other.isCertain() && other.library.equals(library);
    };
  }

  /** The same call, which has used a library of which it is known what closes it. */
  Opening of(String knownLibrary, String knownFix, boolean isCertain) {
    return new Opening(
        line, knownLibrary, library, Optional.of(knownFix), isCertain ? By.MAKING : By.USING);
  }

  /** Whether what runs at the bottom of the thread is of the same vendor as what was called. */
  boolean isOfLibraryOf(ThreadSample thread) {
    return StackShape.of(thread).below().stream()
        .filter(frame -> !StackFrames.isJdk(frame))
        .reduce((above, below) -> below)
        .map(frame -> vendor(frame.getClassName()).equals(vendor(what)))
        .orElse(true);
  }

  private static String vendor(String className) {
    String[] parts = className.split("\\.", 3);
    return parts.length < 3 ? className : parts[0] + "." + parts[1];
  }

  /** Where it was opened: {@code com.acme.ShopTest.sells(ShopTest.java:31)}. */
  public String place() {
    return StackFrames.text(line);
  }

  /** What closes it; says so where that is not certain. */
  String advice() {
    return fix.map(call -> isCertain() ? call : call + ", or close what it belongs to: not certain")
        .orElse(
            "not known: %s has no method that closes it"
                .formatted(what.substring(what.lastIndexOf('.') + 1)));
  }
}
