package dev.leakverifier.origin;

import dev.leakverifier.thread.StackFrames;
import java.util.List;
import java.util.Set;

/**
 * The stack of a thread that makes another, from the constructor of {@code Thread} on. What a
 * reader asks for is below: who had a thread made, not which constructors and factories did it.
 */
final class CreationStack {
  /** The class of each virtual thread, as samples tell it. */
  static final String VIRTUAL = "java.lang.VirtualThread";

  private static final String INIT = "<init>";
  private static final String NEW_THREAD = "newThread"; // ThreadFactory's, and the pools' own

  /** Where the JDK has a factory make the thread that it starts, be it a lambda of the user's. */
  private static final Set<String> ASKS_A_FACTORY =
      Set.of(
          "java.util.concurrent.ThreadPoolExecutor$Worker.<init>",
          "java.util.concurrent.ForkJoinPool.createWorker",
          "java.util.concurrent.ThreadPerTaskExecutor.newThread",
          "java.util.concurrent.ThreadPerTaskExecutor.start",
          "java.util.concurrent.StructuredTaskScope.fork",
          "java.util.concurrent.StructuredTaskScopeImpl.fork");

  private CreationStack() {}

  /** Whether the frame is a constructor of that class. */
  static boolean isConstructor(StackTraceElement frame, String className) {
    return frame.getMethodName().equals(INIT) && frame.getClassName().equals(className);
  }

  /**
   * Whether the constructor of {@code Thread} on top may have been called for a thread of {@code
   * threadClass}. A constructor below it may be of a thread's class, or of one that makes a thread.
   */
  static boolean constructs(List<StackTraceElement> stack, String threadClass) {
    int end = endOfConstructors(stack, threadClass);
    return end > 0 && (threadClass.equals(VIRTUAL) || endOfConstructors(stack, VIRTUAL) == 0);
  }

  /** The frame below the constructors of {@code threadClass}; 0 if there are none. */
  private static int endOfConstructors(List<StackTraceElement> stack, String threadClass) {
    int end = 0;
    for (int i = 0; i < stack.size() && stack.get(i).getMethodName().equals(INIT); i++) {
      if (stack.get(i).getClassName().equals(threadClass)) {
        end = i + 1;
      }
    }
    return end;
  }

  /** The stack without constructors and factories: what started the thread, in most cases. */
  static List<StackTraceElement> withoutMaking(List<StackTraceElement> stack, String threadClass) {
    int first = endOfConstructors(stack, threadClass);
    first = endOfNewThread(stack, first);
    for (int i = first; i < stack.size(); i++) {
      if (ASKS_A_FACTORY.contains(StackFrames.function(stack.get(i)))) {
        first = i;
        break;
      }
    }
    return stack.subList(first, stack.size());
  }

  /** The frame below a factory, which the JDK's own may stand above. */
  private static int endOfNewThread(List<StackTraceElement> stack, int first) {
    int end = first;
    int next = first;
    while (next < stack.size()
        && (StackFrames.isJdk(stack.get(next))
            || stack.get(next).getMethodName().equals(NEW_THREAD))) {
      next++;
      if (stack.get(next - 1).getMethodName().equals(NEW_THREAD)) {
        end = next;
      }
    }
    return end;
  }
}
