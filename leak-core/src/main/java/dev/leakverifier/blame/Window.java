package dev.leakverifier.blame;

/** A test or fixture that runs, and in which threads may appear. Compared by {@code equals}. */
public interface Window {
  /** How a report names it, e.g. {@code CheckoutTest.pays(EUR)}. */
  String describe();

  /** Whether {@code frame} is the test itself, called by nobody else than a test runner. */
  boolean isCodeOf(StackTraceElement frame);
}
