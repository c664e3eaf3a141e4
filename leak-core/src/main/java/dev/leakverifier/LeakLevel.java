package dev.leakverifier;

import com.google.common.base.Ascii;

/**
 * When a verdict falls, from the narrowest to the widest: the values of {@code leak.scope}. For
 * adapters to test frameworks.
 */
public enum LeakLevel {
  /** After the method's last teardown. */
  METHOD,
  /** After the class's last teardown. */
  CLASS,
  /** After the last teardown of a {@code <test>} tag in testng.xml. */
  TEST,
  /** After the last teardown of the suite. */
  SUITE;

  /** The wider of the two. */
  public LeakLevel orWider(LeakLevel other) {
    return compareTo(other) >= 0 ? this : other;
  }

  @Override
  public String toString() {
    return Ascii.toLowerCase(name());
  }
}
