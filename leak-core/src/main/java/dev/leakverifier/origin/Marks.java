package dev.leakverifier.origin;

import dev.leakverifier.jvm.ThreadProbe;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What threads inherit, so that it is known who made them.
 *
 * <p>The JDK calls {@link #childValue} in the thread that makes another, within the constructor of
 * the new one, whichever way that is called: by a pool, a builder, for a virtual thread. So it must
 * not throw, not block, and call nothing of the user's.
 *
 * <p>A thread's map holds an object of a class of the JDK's, which is emptied in the end: threads
 * that live longer keep nothing of this class's loader.
 */
final class Marks extends InheritableThreadLocal<@Nullable AtomicReference<@Nullable Heritage>> {
  /** More than are made meanwhile, so that those which have ended do not pile up. */
  private static final int PURGED_AT_ONCE = 4;

  private final boolean idComesFirst;
  private final ConcurrentSkipListMap<Long, Child> children = new ConcurrentSkipListMap<>();
  private final ReferenceQueue<AtomicReference<?>> ended = new ReferenceQueue<>();
  private volatile boolean inUse;

  /**
   * Marks for one JVM.
   *
   * @param idComesFirst whether a thread gets its id before it inherits; see {@link IdOrder}
   */
  Marks(boolean idComesFirst) {
    this.idComesFirst = idComesFirst;
  }

  /** From here on, marked threads hand down. */
  void begin() {
    inUse = true;
  }

  /** Empties what threads have inherited; those that they make inherit nothing from here on. */
  void end() {
    inUse = false;
    for (Child child : children.values()) {
      AtomicReference<?> inherited = child.get();
      if (inherited != null) {
        inherited.set(null);
      }
    }
    children.clear();
  }

  /**
   * Marks the calling thread, if it has no mark, as one that nobody made; and says that what it has
   * made before is older than what it makes from here on.
   */
  void markThread() {
    Thread thisThread = Thread.currentThread();
    if (!inUse || ThreadProbe.callsMethodOf(thisThread)) {
      return;
    }
    long probe = ThreadProbe.take();
    AtomicReference<@Nullable Heritage> inherited = get();
    Heritage own = inherited == null ? null : inherited.get();
    if (own == null) {
      own = new Heritage(null, null);
      inherited = new AtomicReference<>(own);
      set(inherited);
      keep(new Child(inherited, ended, probe, probe, probe), inherited);
    }
    own.probed(probe, null);
    purge(Integer.MAX_VALUE);
  }

  /** The children that may live, in the order in which they were made. */
  List<Child> children() {
    purge(Integer.MAX_VALUE);
    return List.copyOf(children.values());
  }

  /** The child that was made then; null if there is none. */
  @Nullable Child madeAt(long probe) {
    return children.get(probe);
  }

  boolean idComesFirst() {
    return idComesFirst;
  }

  @Override
  protected @Nullable AtomicReference<@Nullable Heritage> childValue(
      @Nullable AtomicReference<@Nullable Heritage> inherited) {
    if (inherited == null) {
      return null;
    }
    Heritage making = null;
    try {
      Heritage own = inherited.get();
      if (own == null || own.making) {
        return null;
      }
      making = own;
      own.making = true;
      return child(own, Thread.currentThread());
    } catch (Throwable e) { // a stack or a heap that is too small; the thread goes without a mark
      return null;
    } finally {
      if (making != null) {
        making.making = false;
      }
    }
  }

  private AtomicReference<@Nullable Heritage> child(Heritage own, Thread maker) {
    if (ThreadProbe.callsMethodOf(maker)) {
      return new AtomicReference<>(new Heritage(own.markOfChild(maker), null));
    }
    long probe = ThreadProbe.take();
    AtomicReference<@Nullable Heritage> inherited = new AtomicReference<>();
    Child child =
        idComesFirst
            ? new Child(inherited, ended, probe, own.lastBefore(maker), probe)
            : new Child(inherited, ended, probe, probe, Long.MAX_VALUE);
    inherited.set(new Heritage(own.markOfChild(maker), child));
    own.probed(probe, child);
    keep(child, inherited);
    purge(PURGED_AT_ONCE);
    return inherited;
  }

  private void keep(Child child, AtomicReference<@Nullable Heritage> inherited) {
    children.put(child.probe(), child);
    if (!inUse) {
      inherited.set(null);
      children.remove(child.probe());
    }
  }

  private void purge(int most) {
    for (int i = 0; i < most; i++) {
      Reference<?> next = ended.poll();
      if (next == null) {
        return;
      }
      children.remove(((Child) next).probe());
    }
  }

  /** How many children are remembered. */
  int size() {
    return children.size();
  }
}
