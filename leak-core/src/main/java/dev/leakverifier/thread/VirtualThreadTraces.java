package dev.leakverifier.thread;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * Whether this JVM has ever made a virtual thread, told without a thread dump.
 *
 * <p>Making the first one makes the thread group {@code VirtualThreads}, and starting it {@code
 * CarrierThreads}; the JDK holds both for good. Carriers do not serve: idle ones end after half a
 * minute, while a virtual thread that waits lives on. Nor does the thread {@code
 * VirtualThread-unblocker}, which there is only since JDK 24.
 */
final class VirtualThreadTraces implements BooleanSupplier {
  private volatile boolean found;

  @Override
  public boolean getAsBoolean() {
    if (!found) {
      ThreadGroup[] groups = new ThreadGroup[LiveThreads.ROOT.activeGroupCount() + 16];
      LiveThreads.ROOT.enumerate(groups, /* recurse= */ false);
      found = Arrays.stream(groups).filter(Objects::nonNull).anyMatch(VirtualThreadTraces::isTrace);
    }
    return found;
  }

  private static boolean isTrace(ThreadGroup group) {
    return group.getName().equals("VirtualThreads") || group.getName().equals("CarrierThreads");
  }
}
