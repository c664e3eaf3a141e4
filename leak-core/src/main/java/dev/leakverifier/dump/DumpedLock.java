package dev.leakverifier.dump;

/**
 * A monitor, or an object that threads park for, such as the inside of a {@code ReentrantLock}.
 *
 * @param id what tells it from the dump's other locks: its address, e.g. {@code
 *     0x00000000fc019d60}, or its class and identity hash code, e.g. {@code
 *     com.acme.Stock@73a630b3}
 * @param className the class of the object; for a monitor of a class, {@code java.lang.Class for
 *     com.acme.Stock} where the dump tells which
 */
public record DumpedLock(String id, String className) {
  @Override
  public String toString() {
    return id.startsWith(className + "@") ? id : className + "@" + id;
  }
}
