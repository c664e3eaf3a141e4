package dev.leakverifier.testng;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import com.google.common.io.Resources;
import dev.leakverifier.testing.Leaks;
import dev.leakverifier.testng.LifeSample.Place;
import dev.leakverifier.testng.NestedRun.Outcome;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A leak in every place of a test's life, checked at every scope: who is blamed? */
public class MatrixTest {
  private static final ImmutableMap<Place, String> BLAMED =
      ImmutableMap.<Place, String>builder()
          .put(Place.STATIC_INITIALISER, "the static initialiser of LifeSample")
          .put(Place.CONSTRUCTOR, "the constructor of LifeSample")
          .put(Place.BEFORE_SUITE, "@BeforeSuite LifeSample.beforeSuite")
          .put(Place.BEFORE_TEST, "@BeforeTest LifeSample.beforeTest")
          .put(Place.BEFORE_CLASS, "@BeforeClass LifeSample.beforeClass")
          .put(Place.BEFORE_METHOD, "@BeforeMethod LifeSample.beforeMethod")
          .put(Place.TEST, "LifeSample.test")
          .put(Place.AFTER_METHOD, "@AfterMethod LifeSample.afterMethod")
          .put(Place.AFTER_CLASS, "@AfterClass LifeSample.afterClass")
          .put(Place.AFTER_TEST, "@AfterTest LifeSample.afterTest")
          .put(Place.AFTER_SUITE, "@AfterSuite LifeSample.afterSuite")
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
  public void blamesTheOneInWhoseWindowTheThreadAppeared(Place place, String scope)
      throws IOException {
    Leaks.leaveOnlyAt(place);

    Outcome outcome = NestedRun.of(anew(LifeSample.class)).parameter("leak.scope", scope).run();

    assertThat(headlines(outcome))
        .containsExactly(
            "1 thread leaked by " + BLAMED.get(place) + " (looked once, without waiting)");
    assertThat(outcome.exitCode()).isEqualTo(1);
  }

  /** The class from a loader of its own, so that its static initialiser runs again. */
  private static Class<?> anew(Class<?> type) throws IOException {
    String file = type.getName().substring(type.getPackageName().length() + 1) + ".class";
    byte[] code = Resources.toByteArray(Resources.getResource(type, file));
    return new ClassLoader(type.getClassLoader()) {
      Class<?> define() {
        return defineClass(type.getName(), code, 0, code.length);
      }
    }.define();
  }

  private static List<String> headlines(Outcome outcome) {
    return outcome.failed().stream().map(outcome::headline).toList();
  }
}
