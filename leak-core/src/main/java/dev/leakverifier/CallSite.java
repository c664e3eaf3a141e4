package dev.leakverifier;

import dev.leakverifier.jvm.LiveThreads;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Where the library was called: the thread, and its frames below the library, bottom first. */
record CallSite(long threadId, List<Frame> frames) {
  /** One frame; the position in the byte code tells apart two calls in one line. */
  private record Frame(String className, String method, int position, int line) {
    static Frame of(StackWalker.StackFrame frame) {
      return new Frame(
          frame.getClassName(),
          frame.getMethodName(),
          frame.getByteCodeIndex(),
          frame.getLineNumber());
    }

    /**
     * Whether this call is an argument of {@code call}. javac evaluates arguments before the call,
     * and gives the call the line that the statement starts in, so an argument comes earlier in the
     * byte code but not earlier in the source. An earlier statement comes earlier in both.
     */
    boolean isArgumentOf(Frame call) {
      return className.equals(call.className)
          && method.equals(call.method)
          && position < call.position
          && line >= call.line
          && call.line > 0;
    }
  }

  /** Where {@code door} was called. */
  static CallSite of(Class<?> door) {
    Set<String> own = Set.of(CallSite.class.getName(), door.getName());
    List<Frame> bottomFirst =
        new ArrayList<>(
            StackWalker.getInstance()
                .walk(
                    frames ->
                        frames
                            .dropWhile(frame -> own.contains(frame.getClassName()))
                            .map(Frame::of)
                            .toList()));
    Collections.reverse(bottomFirst);
    return new CallSite(LiveThreads.id(Thread.currentThread()), bottomFirst);
  }

  /**
   * Whether this call was made, directly or through a helper, to compute an argument of {@code
   * call}.
   */
  boolean isArgumentOf(CallSite call) {
    int depth = call.frames.size() - 1;
    return threadId == call.threadId
        && frames.size() > depth
        && frames.subList(0, depth).equals(call.frames.subList(0, depth))
        && frames.get(depth).isArgumentOf(call.frames.get(depth));
  }
}
