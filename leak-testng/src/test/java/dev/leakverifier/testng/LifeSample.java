package dev.leakverifier.testng;

import static dev.leakverifier.testng.MatrixSamples.at;

import dev.leakverifier.testng.MatrixSamples.Place;
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
  static {
    at(Place.STATIC_INITIALISER);
  }

  public LifeSample() {
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
