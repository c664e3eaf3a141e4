package dev.leakverifier.jvm;

import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Whether this JVM has ever started a virtual thread, told without a thread dump.
 *
 * <p>Starting the first one makes the thread group {@code CarrierThreads}, which the JDK holds for
 * good. Carriers do not serve: idle ones end after half a minute, while a virtual thread that waits
 * lives on. Nor does the thread {@code VirtualThread-unblocker}, which there is only since JDK 24.
 * The group {@code VirtualThreads} is made by the flight recorder, too; so it counts only where
 * virtual threads have no carriers.
 *
 * <p>To look at the groups of a group enters its monitor, which user code can hold for ever. So a
 * thread of our own does that, and only if a thread has been made since the last time: carriers are
 * threads, too, and the ids of threads count them.
 */
final class VirtualThreadTraces implements BooleanSupplier {
  private final ThreadGroup root;
  private final BooleanSupplier withoutCarriers;
  private final ToLongFunction<Thread> ids;
  private volatile boolean found;

  /** When the thread of this id was made, there were no traces. */
  private volatile long cleanId = -1;

  /** Waits for the monitor, if one does. */
  private volatile @Nullable Look stuck;

  /**
   * Looks at the thread groups of this JVM.
   *
   * @param withoutCarriers whether this JVM binds each virtual thread to a platform thread
   */
  VirtualThreadTraces(BooleanSupplier withoutCarriers) {
    this(GroupedThreads.ROOT, withoutCarriers, ThreadIds::of);
  }

  /** For tests: another group than that which all others are in, and other ids. */
  VirtualThreadTraces(
      ThreadGroup root, BooleanSupplier withoutCarriers, ToLongFunction<Thread> ids) {
    this.root = root;
    this.withoutCarriers = withoutCarriers;
    this.ids = ids;
  }

  /** True where that cannot be told, too. */
  @Override
  public boolean getAsBoolean() {
    return found || mayHaveStarted();
  }

  private boolean mayHaveStarted() {
    Look last = stuck;
    if (last != null && !last.isDone()) {
      return true;
    }
    Look look = new Look();
    long id = ids.applyAsLong(look);
    if (id != cleanId + 1 && !look.isDoneInTime()) {
      stuck = look;
      return true;
    }
    found |= look.answer;
    cleanId = id;
    return look.answer;
  }

  private boolean find() {
    ThreadGroup[] groups = new ThreadGroup[16]; // to count them first would cost as much again
    int count = root.enumerate(groups, /* recurse= */ false);
    while (count == groups.length) {
      groups = new ThreadGroup[2 * count];
      count = root.enumerate(groups, /* recurse= */ false);
    }
    for (int i = 0; i < count; i++) {
      String name = groups[i].getName();
      if (name.equals("CarrierThreads")
          || (name.equals("VirtualThreads") && withoutCarriers.getAsBoolean())) {
        return true;
      }
    }
    return false;
  }

  /** Mostly it is not started, and only its id is of use. */
  private final class Look extends Bystander {
    private volatile boolean answer;

    Look() {
      super(null);
    }

    @Override
    void look() {
      answer = find();
    }
  }
}
