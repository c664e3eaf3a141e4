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
 * @param id what tells it from others of its class: its identity hash code in hexadecimal, or its
 *     address in a saved thread dump
 * @param ownerId the id of the thread that holds it; empty if none does, or if the JVM cannot tell
 */
public record ThreadLock(String className, String id, OptionalLong ownerId) {
  /** An object of this JVM. */
  public static ThreadLock of(String className, int identityHashCode, OptionalLong ownerId) {
    return new ThreadLock(className, Integer.toHexString(identityHashCode), ownerId);
  }

  /** An object that is named as {@link Object#toString} does. */
  public static ThreadLock of(String text, OptionalLong ownerId) {
    int at = text.lastIndexOf('@');
    return at < 0
        ? new ThreadLock(text, "", ownerId)
        : new ThreadLock(text.substring(0, at), text.substring(at + 1), ownerId);
  }

  /** The same object, held by the thread with that id, or by none that is known. */
  public ThreadLock ownedBy(OptionalLong id) {
    return new ThreadLock(className, this.id, id);
  }

  /** Whether this is {@code object}, of this JVM, as far as its identity hash code tells. */
  public boolean is(Object object) {
    return id.equals(Integer.toHexString(System.identityHashCode(object)));
  }

  /** The object as {@link Object#toString} would name it. */
  @Override
  public String toString() {
    return className + "@" + id;
  }
}
