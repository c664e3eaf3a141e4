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
    public Thread newThread(String name, Runnable body) {
      return new Thread(body, name);
    }

    @Override
    public Thread newThreadWithoutInheritance(String name, Runnable body) {
      return new Thread(null, body, name, /* stackSize= */ 0, /* inheritThreadLocals= */ false);
    }
  },
  VIRTUAL {
    @Override
    public boolean isThere() {
      return Runtime.version().feature() >= 21;
    }

    @Override
    public Thread newThread(String name, Runnable body) {
      return newThread(name, body, /* inherits= */ true);
    }

    @Override
    public Thread newThreadWithoutInheritance(String name, Runnable body) {
      return newThread(name, body, /* inherits= */ false);
    }

    private Thread newThread(String name, Runnable body, boolean inherits) {
      try {
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        Class<?> type = Class.forName("java.lang.Thread$Builder");
        type.getMethod("name", String.class).invoke(builder, name);
        type.getMethod("inheritInheritableThreadLocals", boolean.class).invoke(builder, inherits);
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
  public abstract Thread newThread(String name, Runnable body);

  /** The same, that inherits no thread locals. */
  public abstract Thread newThreadWithoutInheritance(String name, Runnable body);

  /** A thread that runs. */
  public Thread start(String name, Runnable body) {
    Thread thread = newThread(name, body);
    thread.start();
    return thread;
  }

  /** A thread that waits in {@link BlockedThread#FUNCTION} until it is closed. */
  public BlockedThread startBlocked(String name) {
    return BlockedThread.start(this, name);
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

  /** Interrupts {@code thread}, and waits until it has ended. */
  public static void end(Thread thread) {
    thread.interrupt();
    Uninterruptibles.joinUninterruptibly(thread);
  }
}
