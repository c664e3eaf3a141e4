package dev.leakverifier.jvm;

import com.google.common.collect.MapMaker;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The ids of threads, also of those whose class overrides {@code getId()}, and may lie or throw.
 */
final class ThreadIds {
  private static final MethodOverride GET_ID = new MethodOverride(Thread.class, "getId");

  private ThreadIds() {}

  static long of(Thread thread) {
    return GET_ID.isIn(thread) ? Overridden.idOf(thread) : thread.getId();
  }

  /** Made only when the first such thread is met, which hardly ever happens. */
  private static final class Overridden {
    /** {@code Thread.threadId()}, final since JDK 19; null before. */
    private static final @Nullable MethodHandle THREAD_ID = threadIdMethod();

    /** Ids that are given out before JDK 19, where such a thread's own cannot be had. */
    private static final ConcurrentMap<Thread, Long> GIVEN = new MapMaker().weakKeys().makeMap();

    private static final AtomicLong LAST_GIVEN = new AtomicLong();

    private Overridden() {}

    static long idOf(Thread thread) {
      if (THREAD_ID == null) {
        return GIVEN.computeIfAbsent(thread, t -> LAST_GIVEN.decrementAndGet());
      }
      try {
        return (long) THREAD_ID.invokeExact(thread);
      } catch (Throwable e) {
        throw new LinkageError("Thread.threadId() cannot be called", e);
      }
    }

    private static @Nullable MethodHandle threadIdMethod() {
      try {
        return MethodHandles.publicLookup()
            .findVirtual(Thread.class, "threadId", MethodType.methodType(long.class));
      } catch (NoSuchMethodException | IllegalAccessException e) {
        return null;
      }
    }
  }
}
