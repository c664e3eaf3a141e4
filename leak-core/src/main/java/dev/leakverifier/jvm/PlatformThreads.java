package dev.leakverifier.jvm;

/**
 * Lists the live platform threads.
 *
 * <p>Enters no monitor of a thread group, which user code can hold for ever. Since JDK 19 the JDK
 * takes none to enumerate threads; before, {@link CountedThreads} goes another way.
 */
final class PlatformThreads {
  private static final boolean GROUPS_ARE_LOCKED = Runtime.version().feature() < 19;

  private PlatformThreads() {}

  /** All of them; may end with nulls. */
  static Thread[] list() {
    return GROUPS_ARE_LOCKED ? CountedThreads.JVM.list() : GroupedThreads.list();
  }
}
