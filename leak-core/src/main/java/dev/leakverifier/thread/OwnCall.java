package dev.leakverifier.thread;

import java.util.List;
import java.util.Optional;

/**
 * Where the project's own code called what led to a thread.
 *
 * @param line the innermost frame of the project's own code
 * @param above what it called, and what that has called, topmost first
 */
public record OwnCall(StackTraceElement line, List<StackTraceElement> above) {
  /** Copies {@code above}. */
  public OwnCall {
    above = List.copyOf(above);
  }

  /**
   * The call that led to the start of a thread, or else to that of the one that started it, and so
   * on; empty if all were started without the project.
   */
  public static Optional<OwnCall> of(ThreadOrigin origin) {
    Optional<OwnCall> call = Optional.empty();
    Optional<ThreadOrigin> next = Optional.of(origin);
    while (call.isEmpty() && next.isPresent()) {
      call = in(next.get());
      next = next.get().starterOrigin();
    }
    return call;
  }

  private static Optional<OwnCall> in(ThreadOrigin origin) {
    List<StackTraceElement> frames = origin.frames();
    String testPackage = origin.test().map(OwnCall::packageOf).orElse("");
    for (int i = 0; i < frames.size(); i++) {
      StackTraceElement frame = frames.get(i);
      CodeOwner owner = CodeOwner.of(frame);
      boolean isOwn =
          owner == CodeOwner.PROJECT
              || (owner == CodeOwner.UNKNOWN && packageOf(frame).equals(testPackage));
      if (isOwn) {
        return Optional.of(new OwnCall(frame, frames.subList(0, i)));
      }
    }
    return Optional.empty();
  }

  private static String packageOf(StackTraceElement frame) {
    String name = frame.getClassName();
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }

  /** The function of the {@link #line}. */
  public String function() {
    return StackFrames.function(line);
  }
}
