package dev.leakverifier.monitor;

import dev.leakverifier.diagnosis.Diagnosis;
import dev.leakverifier.diagnosis.Fingerprint;

/**
 * Equal threads of which there are more than when the monitor was started.
 *
 * <p>A value: immutable, and it keeps no thread and no stack alive.
 *
 * @param growth how many more, at least 1
 * @param text in a line what they are called, where they stand, and who started them, if that was
 *     recorded: {@code `order-*` parked in com.acme.Orders.await(Orders.java:31)}
 * @param diagnosis why the first of them is there, and what would end it
 * @param fingerprint what they have in common, the same from run to run, and the same as in a
 *     test's report
 */
public record GrownGroup(int growth, String text, Diagnosis diagnosis, Fingerprint fingerprint) {
  /** As in {@code 118 of `order-*` parked in com.acme.Orders.await(Orders.java:31)}. */
  @Override
  public String toString() {
    return growth + " of " + text;
  }
}
