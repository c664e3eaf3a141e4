package dev.leakverifier.testng;

import dev.leakverifier.testing.Leaks;

/** Says in which place of its life {@link LifeSample} leaks. */
public final class MatrixSamples {
  /** Where a thread is left. */
  public enum Place {
    STATIC_INITIALISER,
    CONSTRUCTOR,
    BEFORE_SUITE,
    BEFORE_TEST,
    BEFORE_CLASS,
    BEFORE_METHOD,
    TEST,
    AFTER_METHOD,
    AFTER_CLASS,
    AFTER_TEST,
    AFTER_SUITE
  }

  private static Place leaking = Place.TEST;

  private MatrixSamples() {}

  static void leakIn(Place place) {
    leaking = place;
  }

  /** Public, since {@link LifeSample} is loaded anew by other class loaders. */
  public static void at(Place place) {
    if (place == leaking) {
      Leaks.leave(place.toString());
    }
  }
}
