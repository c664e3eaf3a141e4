package dev.leakverifier.jvm;

import java.util.function.BooleanSupplier;

/**
 * Whether this JVM has ever started a virtual thread, told without a thread dump.
 *
 * <p>Starting the first one makes the thread group {@code CarrierThreads}, which the JDK holds for
 * good. Carriers do not serve: idle ones end after half a minute, while a virtual thread that waits
 * lives on. Nor does the thread {@code VirtualThread-unblocker}, which there is only since JDK 24.
 * The group {@code VirtualThreads} is made by the flight recorder, too; so it counts only where
 * virtual threads have no carriers.
 */
final class VirtualThreadTraces implements BooleanSupplier {
  private final BooleanSupplier withoutCarriers;
  private volatile boolean found;

  /**
   * Looks at the thread groups of this JVM.
   *
   * @param withoutCarriers whether this JVM binds each virtual thread to a platform thread
   */
  VirtualThreadTraces(BooleanSupplier withoutCarriers) {
    this.withoutCarriers = withoutCarriers;
  }

  @Override
  public boolean getAsBoolean() {
    if (!found) {
      found = find();
    }
    return found;
  }

  private boolean find() {
    ThreadGroup[] groups = new ThreadGroup[16]; // to count them first would cost as much again
    int count = PlatformThreads.ROOT.enumerate(groups, /* recurse= */ false);
    while (count == groups.length) {
      groups = new ThreadGroup[2 * count];
      count = PlatformThreads.ROOT.enumerate(groups, /* recurse= */ false);
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
}
