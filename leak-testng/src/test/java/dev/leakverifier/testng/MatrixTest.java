package dev.leakverifier.testng;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import dev.leakverifier.testing.Leaks;
import dev.leakverifier.testng.MatrixSamples.Life;
import dev.leakverifier.testng.MatrixSamples.Place;
import dev.leakverifier.testng.NestedRun.Outcome;
import java.util.Iterator;
import java.util.List;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A leak in every place of a test's life, checked at every scope: who is blamed? */
public class MatrixTest {
  private static final ImmutableMap<Place, String> BLAMED =
      ImmutableMap.<Place, String>builder()
          .put(Place.BEFORE_SUITE, "@BeforeSuite MatrixSamples.Life.beforeSuite")
          .put(Place.BEFORE_TEST, "@BeforeTest MatrixSamples.Life.beforeTest")
          .put(Place.BEFORE_CLASS, "@BeforeClass MatrixSamples.Life.beforeClass")
          .put(Place.BEFORE_METHOD, "@BeforeMethod MatrixSamples.Life.beforeMethod")
          .put(Place.TEST, "MatrixSamples.Life.test")
          .put(Place.AFTER_METHOD, "@AfterMethod MatrixSamples.Life.afterMethod")
          .put(Place.AFTER_CLASS, "@AfterClass MatrixSamples.Life.afterClass")
          .put(Place.AFTER_TEST, "@AfterTest MatrixSamples.Life.afterTest")
          .put(Place.AFTER_SUITE, "@AfterSuite MatrixSamples.Life.afterSuite")
          .buildOrThrow();

  @DataProvider
  Iterator<Object[]> cells() {
    ImmutableList<Place> places = ImmutableList.copyOf(Place.values());
    ImmutableList<String> scopes = ImmutableList.of("auto", "method", "class", "test", "suite");
    return Lists.cartesianProduct(places, scopes).stream().map(List::toArray).iterator();
  }

  @AfterMethod
  public void endSampleThreads() {
    Leaks.endAll();
  }

  @Test(dataProvider = "cells")
  public void blamesTheOneInWhoseWindowTheThreadAppeared(Place place, String scope) {
    MatrixSamples.leakIn(place);

    Outcome outcome = NestedRun.of(Life.class).parameter("leak.scope", scope).run();

    if (BLAMED.containsKey(place)) {
      assertThat(headlines(outcome))
          .containsExactly(
              "1 thread leaked by " + BLAMED.get(place) + " (looked once, without waiting)");
      assertThat(outcome.exitCode()).isEqualTo(1);
    } else {
      // TestNG makes the instances before it tells that a suite starts, as it does with what other
      // listeners start for the whole run; until origins tell these apart, nobody is blamed.
      assertWithMessage("%s", place).that(headlines(outcome)).isEmpty();
    }
  }

  private static List<String> headlines(Outcome outcome) {
    return outcome.failed().stream().map(outcome::headline).toList();
  }
}
