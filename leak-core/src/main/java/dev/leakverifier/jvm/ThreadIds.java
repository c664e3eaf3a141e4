package dev.leakverifier.jvm;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
    private static final Map<Identity, Long> GIVEN = new ConcurrentHashMap<>();

    private static final ReferenceQueue<Thread> GONE = new ReferenceQueue<>();

    private static final AtomicLong LAST_GIVEN = new AtomicLong();

    private Overridden() {}

    static long idOf(Thread thread) {
      if (THREAD_ID == null) {
        for (Object gone = GONE.poll(); gone != null; gone = GONE.poll()) {
          GIVEN.remove(gone);
        }
        return GIVEN.computeIfAbsent(new Identity(thread), t -> LAST_GIVEN.decrementAndGet());
      }
      try {
        return (long) THREAD_ID.invokeExact(thread);
      } catch (Throwable e) {
        throw new LinkageError("Thread.threadId() cannot be called", e);
      }
    }

    /** The class of the thread may override {@code equals}, too. */
    private static final class Identity extends WeakReference<Thread> {
      private final int hash;

      Identity(Thread thread) {
        super(thread, GONE);
        this.hash = System.identityHashCode(thread);
      }

      @Override
      public boolean equals(@Nullable Object other) {
        if (this == other) {
          return true;
        }
        Thread thread = get();
        return thread != null && other instanceof Identity identity && identity.refersTo(thread);
      }

      @Override
      public int hashCode() {
        return hash;
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
