package dev.leakverifier.thread;

import java.util.OptionalLong;

/**
 * What a thread stands still for: the object whose monitor it wants or waits on, or the
 * synchronizer that it is parked for.
 *
 * <p>A value: it keeps neither the object nor its owner alive.
 *
 * @param className the class of the object, e.g. {@code
 *     java.util.concurrent.locks.ReentrantLock$NonfairSync}
 * @param identity its identity hash code, as in {@code com.acme.Account@1b2c3d}
 * @param ownerId the id of the thread that holds it; empty if none does, or if the JVM cannot tell
 */
public record ThreadLock(String className, int identity, OptionalLong ownerId) {
  /** The object as {@link Object#toString} would name it. */
  @Override
  public String toString() {
    return className + "@" + Integer.toHexString(identity);
  }
}
