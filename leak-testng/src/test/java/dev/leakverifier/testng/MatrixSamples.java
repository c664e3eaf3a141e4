package dev.leakverifier.testng;

import dev.leakverifier.testing.Leaks;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.AfterSuite;
import org.testng.annotations.AfterTest;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.BeforeSuite;
import org.testng.annotations.BeforeTest;
import org.testng.annotations.Test;

/** A class that leaks in one place of its life, as the test says. Run by other tests only. */
final class MatrixSamples {
  /** Where a thread is left. */
  enum Place {
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

  private static void at(Place place) {
    if (place == leaking) {
      Leaks.leave(place.toString());
    }
  }

  /** All of a test class's life. */
  public static class Life {
    static {
      at(Place.STATIC_INITIALISER);
    }

    public Life() {
      at(Place.CONSTRUCTOR);
    }

    @BeforeSuite
    public void beforeSuite() {
      at(Place.BEFORE_SUITE);
    }

    @BeforeTest
    public void beforeTest() {
      at(Place.BEFORE_TEST);
    }

    @BeforeClass
    public void beforeClass() {
      at(Place.BEFORE_CLASS);
    }

    @BeforeMethod
    public void beforeMethod() {
      at(Place.BEFORE_METHOD);
    }

    @Test
    public void test() {
      at(Place.TEST);
    }

    @AfterMethod
    public void afterMethod() {
      at(Place.AFTER_METHOD);
    }

    @AfterClass
    public void afterClass() {
      at(Place.AFTER_CLASS);
    }

    @AfterTest
    public void afterTest() {
      at(Place.AFTER_TEST);
    }

    @AfterSuite
    public void afterSuite() {
      at(Place.AFTER_SUITE);
    }
  }
}
