package dev.leakverifier.origin;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A thread that has inherited a mark, as long as it lives: what it has inherited is kept by nobody
 * else, so the reference is cleared by the collection that comes after its end.
 *
 * <p>While it is made it has no id that could be asked for. But the ids between which its own must
 * lie are known.
 */
final class Child extends WeakReference<AtomicReference<?>> {
  private final long probe;
  private final long above;
  private volatile long below;
  private volatile long id;
  private volatile String threadClass = Thread.class.getName();

  /**
   * One that has just inherited.
   *
   * @param probe taken when it was made
   * @param above its id is greater than this
   * @param below its id is less than this
   */
  Child(
      AtomicReference<?> inherited,
      ReferenceQueue<AtomicReference<?>> ended,
      long probe,
      long above,
      long below) {
    super(inherited, ended);
    this.probe = probe;
    this.above = above;
    this.below = below;
  }

  long probe() {
    return probe;
  }

  long above() {
    return above;
  }

  long below() {
    return below;
  }

  void madeBefore(long laterProbe) {
    below = Math.min(below, laterProbe);
  }

  /** Says that it is the thread of this id, of that class. */
  void bind(long threadId, String className) {
    threadClass = className;
    id = threadId;
  }

  /** Its id; 0 while it is not known. */
  long id() {
    return id;
  }

  /** Whether there is no other id that it could have. */
  boolean isOnly(long threadId) {
    return above + 1 == threadId && threadId + 1 == below;
  }

  boolean mayBe(long threadId) {
    return id == 0 ? above < threadId && threadId < below : id == threadId;
  }

  /** The class of the thread, once its id is known. */
  String threadClass() {
    return threadClass;
  }
}
