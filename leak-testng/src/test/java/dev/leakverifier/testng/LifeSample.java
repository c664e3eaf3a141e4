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

/** All of a test class's life. Loaded anew for each run, so it is nested in no other class. */
public class LifeSample {
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

  static {
    Leaks.leaveAt(Place.STATIC_INITIALISER);
  }

  public LifeSample() {
    Leaks.leaveAt(Place.CONSTRUCTOR);
  }

  @BeforeSuite
  public void beforeSuite() {
    Leaks.leaveAt(Place.BEFORE_SUITE);
  }

  @BeforeTest
  public void beforeTest() {
    Leaks.leaveAt(Place.BEFORE_TEST);
  }

  @BeforeClass
  public void beforeClass() {
    Leaks.leaveAt(Place.BEFORE_CLASS);
  }

  @BeforeMethod
  public void beforeMethod() {
    Leaks.leaveAt(Place.BEFORE_METHOD);
  }

  @Test
  public void test() {
    Leaks.leaveAt(Place.TEST);
  }

  @AfterMethod
  public void afterMethod() {
    Leaks.leaveAt(Place.AFTER_METHOD);
  }

  @AfterClass
  public void afterClass() {
    Leaks.leaveAt(Place.AFTER_CLASS);
  }

  @AfterTest
  public void afterTest() {
    Leaks.leaveAt(Place.AFTER_TEST);
  }

  @AfterSuite
  public void afterSuite() {
    Leaks.leaveAt(Place.AFTER_SUITE);
  }
}
