package dev.leakverifier.origin;

import dev.leakverifier.jvm.LiveThreads;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What a marked thread hands down to those that it makes. All but its mark is its own concern. */
final class Heritage {
  private final @Nullable Mark mark;
  private final @Nullable Child self;
  private long id;
  private long lastProbe;
  private @Nullable Child lastChild;

  /** Whether it is being handed down; a field, since on a full stack nothing can be called. */
  boolean making;

  /**
   * That of one thread.
   *
   * @param mark how it was made; null if that is not known
   * @param self what is known of its id; null if nothing is
   */
  Heritage(@Nullable Mark mark, @Nullable Child self) {
    this.mark = mark;
    this.self = self;
  }

  /** How a child was made; null if it has ended, or nobody made it that is known. */
  static @Nullable Mark markOf(Child child) {
    AtomicReference<?> inherited = child.get();
    return inherited != null && inherited.get() instanceof Heritage heritage ? heritage.mark : null;
  }

  /** The mark of a thread that the calling one, whose heritage this is, makes now. */
  Mark markOfChild(Thread thisThread) {
    return new Mark(mark, idOf(thisThread), thisThread, new Throwable());
  }

  /** The greatest id that had been given away, for certain, before this thread made its next. */
  long lastBefore(Thread thisThread) {
    return Math.max(lastProbe, idOf(thisThread));
  }

  /** Notes that this thread has taken {@code probe}, in the making of {@code child} if not null. */
  void probed(long probe, @Nullable Child child) {
    lastProbe = probe;
    if (lastChild != null) {
      lastChild.madeBefore(probe);
    }
    lastChild = child;
  }

  /** A thread that makes another is known exactly. */
  private long idOf(Thread thisThread) {
    if (id == 0) {
      id = LiveThreads.id(thisThread);
      if (self != null) {
        self.bind(id, thisThread.getClass().getName());
      }
    }
    return id;
  }
}
