package dev.leakverifier.jvm;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
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
 * threads, too, and the ids of threads count them. Not even then where the last time is not long
 * ago: a carrier that was made since is still among the live threads, and to list these enters no
 * monitor where there are virtual threads.
 */
final class VirtualThreadTraces implements BooleanSupplier {
  /** Half of what the JDK's scheduler lets a carrier idle ({@code VirtualThread}, JDK 21 to 25). */
  private static final long CARRIERS_LIVE_NANOS = 15_000_000_000L;

  /** To ask whether there are carriers loads the JVM's management: as much as many looks cost. */
  private static final int LOOKS_WITHOUT = 10;

  private static final String CARRIERS = "CarrierThreads";

  private final ThreadGroup root;
  private final BooleanSupplier withoutCarriers;
  private final ToLongFunction<Thread> ids;
  private final Supplier<@Nullable Thread[]> listing;
  private final LongSupplier nanoTime;
  private final AtomicInteger looks = new AtomicInteger();
  private volatile boolean carriersShow;
  private volatile boolean found;

  /** When there were no traces. */
  private volatile long cleanNanos;

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
    this(
        GroupedThreads.ROOT,
        withoutCarriers,
        ThreadIds::of,
        GroupedThreads::list,
        System::nanoTime);
  }

  /** For tests: another group than that which all others are in, other ids, threads and times. */
  VirtualThreadTraces(
      ThreadGroup root,
      BooleanSupplier withoutCarriers,
      ToLongFunction<Thread> ids,
      Supplier<@Nullable Thread[]> listing,
      LongSupplier nanoTime) {
    this.root = root;
    this.withoutCarriers = withoutCarriers;
    this.ids = ids;
    this.listing = listing;
    this.nanoTime = nanoTime;
  }

  /** True where that cannot be told, too. */
  @Override
  public boolean getAsBoolean() {
    return found || mayHaveStarted();
  }

  private boolean mayHaveStarted() {
    Look last = stuck;
    if (last != null && !last.hasEnded()) {
      return true;
    }
    Look look = new Look();
    long id = ids.applyAsLong(look);
    long now = nanoTime.getAsLong();
    if (id != cleanId + 1) {
      if (carriersShow && now - cleanNanos < CARRIERS_LIVE_NANOS) {
        look.answer = isAnyCarrierAlive();
      } else if (!look.isDoneInTime()) {
        stuck = look;
        return true;
      }
    }
    found |= look.answer;
    cleanId = id;
    cleanNanos = now;
    return look.answer;
  }

  private boolean isAnyCarrierAlive() {
    for (Thread thread : listing.get()) {
      ThreadGroup group = thread == null ? null : thread.getThreadGroup();
      if (group != null && group.getName().equals(CARRIERS)) {
        return true;
      }
    }
    return false;
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
      if (name.equals(CARRIERS)
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
      if (looks.incrementAndGet() == LOOKS_WITHOUT) {
        carriersShow = !withoutCarriers.getAsBoolean();
      }
    }
  }
}
