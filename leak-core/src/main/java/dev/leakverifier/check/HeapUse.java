package dev.leakverifier.check;

import java.util.Locale;
import java.util.Optional;

/** Whether the heap is read for who holds a leaked thread. */
public enum HeapUse {
  /** Where it is small. */
  AUTO,
  ALWAYS,
  NEVER;

  /** What {@code text} says; empty if it says none of these. */
  public static Optional<HeapUse> of(String text) {
    String name = text.toUpperCase(Locale.ROOT);
    for (HeapUse use : values()) { // start-up: see docs/performance.md
      if (use.name().equals(name)) {
        return Optional.of(use);
      }
    }
    return Optional.empty();
  }

  /**
   * What the JVM was started with: there is one heap for all checks, so it holds for those, too,
   * that read no settings. Who does read them has refused any other word.
   */
  static HeapUse ofJvm() {
    return of(System.getProperty("leak.heap", "")).orElse(AUTO);
  }
}
