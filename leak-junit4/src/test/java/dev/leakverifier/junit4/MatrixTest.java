package dev.leakverifier.junit4;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.leakverifier.junit4.MatrixSamples.ClassScope;
import dev.leakverifier.junit4.MatrixSamples.MethodScope;
import dev.leakverifier.junit4.MatrixSamples.Place;
import dev.leakverifier.junit4.MatrixSamples.RunScope;
import dev.leakverifier.junit4.NestedRun.Outcome;
import dev.leakverifier.testing.Leaks;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runner.notification.RunListener;
import org.junit.runners.Parameterized;

/**
 * A leak in every place of a test's life, checked at every scope: who is blamed?
 *
 * <p>The static initialiser comes first, since it runs when the samples are first used.
 */
@RunWith(Parameterized.class)
public class MatrixTest {
  private static final ImmutableSet<Place> INSIDE_A_TEST =
      ImmutableSet.of(Place.CONSTRUCTOR, Place.RULE, Place.BEFORE, Place.TEST, Place.AFTER);

  private final Place place;

  public MatrixTest(Place place) {
    this.place = place;
  }

  @Parameterized.Parameters(name = "{0}")
  public static Iterable<Place> places() {
    return ImmutableList.copyOf(Place.values());
  }

  @Before
  public void leakThere() {
    Leaks.leaveOnlyAt(place);
    System.setProperty("leak.maxWait", "0s");
  }

  @After
  public void endSampleThreads() {
    Leaks.endAll();
    System.clearProperty("leak.maxWait");
  }

  @Test
  public void aRuleBlamesTheTestForAllThatIsInsideIt() {
    Outcome outcome = NestedRun.run(MethodScope.class);

    assertBlamed(outcome, INSIDE_A_TEST.contains(place) ? "MatrixSamples.MethodScope.test" : null);
  }

  @Test
  public void aClassRuleBlamesTheClassForAllThatItRuns() {
    Outcome outcome = NestedRun.run(ClassScope.class);

    // A class may be initialised before others run, so what a static initialiser did is not its
    // own.
    assertBlamed(outcome, place == Place.STATIC_INITIALISER ? null : "MatrixSamples.ClassScope");
  }

  @Test
  public void theRunListenerBlamesTheTestOrTheClassForAllOfTheRun() {
    List<RunListener> listeners = ImmutableList.of(new LeakVerifierRunListener());
    Outcome outcome = NestedRun.run(listeners, RunScope.class);

    assertBlamed(
        outcome,
        INSIDE_A_TEST.contains(place) ? "MatrixSamples.RunScope.test" : "MatrixSamples.RunScope");
  }

  private void assertBlamed(Outcome outcome, @Nullable String blamed) {
    List<String> headlines =
        outcome.errors().values().stream().map(NestedRun.Outcome::headline).toList();
    if (blamed == null) {
      assertWithMessage("%s", place).that(headlines).isEmpty();
      assertThat(Leaks.names()).containsExactly(place.toString()); // so it was there to be seen
    } else {
      assertWithMessage("%s", place)
          .that(headlines)
          .containsExactly("1 thread leaked by " + blamed + " (looked once, without waiting)");
    }
  }
}
