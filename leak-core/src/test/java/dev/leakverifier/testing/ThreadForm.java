package dev.leakverifier.testing;

import com.google.common.util.concurrent.Uninterruptibles;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The two forms that a thread can have; virtual ones are made without compiling against them. */
public enum ThreadForm {
  PLATFORM {
    @Override
    public boolean isThere() {
      return true;
    }

    @Override
    public Thread unstarted(String name, Runnable body) {
      return new Thread(body, name);
    }
  },
  VIRTUAL {
    @Override
    public boolean isThere() {
      return Runtime.version().feature() >= 21;
    }

    @Override
    public Thread unstarted(String name, Runnable body) {
      try {
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        Class<?> type = Class.forName("java.lang.Thread$Builder");
        type.getMethod("name", String.class).invoke(builder, name);
        return (Thread) type.getMethod("unstarted", Runnable.class).invoke(builder, body);
      } catch (ReflectiveOperationException e) {
        throw new UnsupportedOperationException(WHY_NOT, e);
      }
    }
  };

  /** Why a test of virtual threads is skipped. */
  public static final String WHY_NOT =
      "JDK "
          + Runtime.version().feature()
          + " has no virtual threads; run this test on 21 or newer";

  /** Whether this JVM has such threads. */
  public abstract boolean isThere();

  /** A thread that is not started yet. */
  public abstract Thread unstarted(String name, Runnable body);

  /** A thread that runs. */
  public Thread start(String name, Runnable body) {
    Thread thread = unstarted(name, body);
    thread.start();
    return thread;
  }

  /** A thread that waits in {@link BlockedThread#FUNCTION} until it is closed. */
  public BlockedThread startBlocked(String name) {
    return BlockedThread.start(body -> unstarted(name, body));
  }

  /** {@code Executors.newVirtualThreadPerTaskExecutor()}. */
  public static ExecutorService virtualThreadPerTaskExecutor() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new UnsupportedOperationException(WHY_NOT, e);
    }
  }

  /** What a check takes of this JVM to see virtual threads: "thread dump" or "heap dump". */
  public static String dump() {
    return Runtime.version().feature() == 25 ? "heap dump" : "thread dump"; // JDK-8364343
  }

  /** The method that takes it. */
  public static String dumpMethod() {
    return dump().equals("heap dump") ? "dumpHeap" : "dumpThreads";
  }

  /** Interrupts {@code thread}, and waits until it has ended. */
  public static void end(Thread thread) {
    thread.interrupt();
    Uninterruptibles.joinUninterruptibly(thread);
  }
}
