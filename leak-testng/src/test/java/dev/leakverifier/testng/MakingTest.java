package dev.leakverifier.testng;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.testing.Leaks;
import dev.leakverifier.testng.ListenerSamples.Innocent;
import dev.leakverifier.testng.MakingSamples.Constructs;
import dev.leakverifier.testng.MakingSamples.ForgetsFirst;
import dev.leakverifier.testng.MakingSamples.ForgetsLast;
import dev.leakverifier.testng.MakingSamples.Ignored;
import dev.leakverifier.testng.MakingSamples.Inherits;
import dev.leakverifier.testng.MakingSamples.LeavesTwoKinds;
import dev.leakverifier.testng.MakingSamples.MadeOfRows;
import dev.leakverifier.testng.MakingSamples.Makes;
import dev.leakverifier.testng.MakingSamples.MakesOfRows;
import dev.leakverifier.testng.MakingSamples.NamesTheListener;
import dev.leakverifier.testng.MakingSamples.SharesFirst;
import dev.leakverifier.testng.MakingSamples.SharesLast;
import dev.leakverifier.testng.MakingSamples.Skipped;
import dev.leakverifier.testng.MakingSamples.StartsMoreLater;
import dev.leakverifier.testng.MakingSamples.StoppedInAfterClass;
import dev.leakverifier.testng.MakingSamples.StoppedInAfterSuite;
import dev.leakverifier.testng.MakingSamples.StoppedWithItsTag;
import dev.leakverifier.testng.MakingSamples.WithoutTests;
import dev.leakverifier.testng.NestedRun.Outcome;
import java.util.List;
import org.testng.IAlterSuiteListener;
import org.testng.IExecutionListener;
import org.testng.ISuite;
import org.testng.ISuiteListener;
import org.testng.ITestResult;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;
import org.testng.xml.XmlSuite;

/** What is started while TestNG makes the instances of test classes; see also MatrixTest. */
public class MakingTest {
  @AfterMethod
  public void endSampleThreads() {
    Leaks.endAll();
  }

  @Test
  public void failsTheFirstTestOfTheClassWhoseConstructorLeaks() {
    Outcome outcome = NestedRun.of(Innocent.class, Constructs.class).run();

    assertThat(outcome.failed()).containsExactly("first");
    assertThat(outcome.told(ITestResult.SUCCESS)).containsAtLeast("innocent", "first", "second");
    assertBlames(outcome, "the constructor of MakingSamples.Constructs");
  }

  @Test
  public void namesTheClassThatWasMadeAndNotItsBaseClass() {
    Outcome outcome = NestedRun.of(Inherits.class).run();

    assertBlames(outcome, "the constructor of MakingSamples.Inherits");
  }

  @Test(dataProvider = "scopes")
  public void waitsForTheTeardownThatMayStopIt(Class<?> type, String scope) {
    Outcome outcome =
        NestedRun.of(type, Innocent.class).parameter("leak.scope", scope).runBesideALeak();

    assertThat(outcome.failed()).isEmpty();
    assertThat(outcome.passed()).contains("innocent");
  }

  @DataProvider
  public static Object[][] scopes() {
    return new Object[][] {
      {StoppedInAfterClass.class, "auto"},
      {StoppedInAfterClass.class, "method"},
      {StoppedInAfterClass.class, "class"},
      {StoppedWithItsTag.class, "auto"},
      {StoppedWithItsTag.class, "test"},
      {StoppedInAfterSuite.class, "auto"},
      {StoppedInAfterSuite.class, "suite"},
    };
  }

  @Test
  public void waitsForAllClassesThatShareAStaticInitialiser() {
    Outcome outcome = NestedRun.of(SharesFirst.class, SharesLast.class).runBesideALeak();

    assertThat(outcome.failed()).isEmpty();
  }

  @Test
  public void putsTheLeakOfASharedStaticInitialiserDownToTheFirstOfTheClasses() {
    Outcome outcome = NestedRun.of(ForgetsFirst.class, ForgetsLast.class).run();

    assertThat(outcome.failed()).containsExactly("usesIt");
    assertBlames(outcome, "the static initialiser of MakingSamples.Forgets");
  }

  @Test
  public void namesTheFactory() {
    assertBlames(NestedRun.of(Makes.class).run(), "@Factory MakingSamples.Makes.make");
  }

  @Test
  public void namesTheDataProviderOfAFactory() {
    assertBlames(NestedRun.of(MakesOfRows.class).run(), "@DataProvider MakingSamples.Rows.rows");
  }

  @Test
  public void findsTheLeakOfOneOfSeveralInstances() {
    assertBlames(
        NestedRun.of(MadeOfRows.class).run(), "the constructor of MakingSamples.MadeOfRows");
  }

  @Test
  public void reportsTheInstancesOfTwoTagsTogether() {
    Outcome outcome =
        NestedRun.ofSuite().test("one", Constructs.class).test("two", Constructs.class).run();

    assertThat(outcome.headlines())
        .containsExactly(
            "2 threads leaked by the constructor of MakingSamples.Constructs (looked once, without"
                + " waiting)");
  }

  @Test(dataProvider = "modes")
  public void findsItWhereTestsRunInParallel(XmlSuite.ParallelMode mode) {
    Outcome outcome =
        NestedRun.of(Constructs.class, Innocent.class, StoppedInAfterClass.class)
            .xml(suite -> suite.setParallel(mode))
            .run();

    assertBlames(outcome, "the constructor of MakingSamples.Constructs");
  }

  @DataProvider
  public static Object[] modes() {
    return new Object[] {
      XmlSuite.ParallelMode.METHODS,
      XmlSuite.ParallelMode.CLASSES,
      XmlSuite.ParallelMode.INSTANCES,
      XmlSuite.ParallelMode.TESTS
    };
  }

  /** TestNG makes the instances of both suites before it starts the first. */
  @Test
  public void leavesToEachSuiteItsOwn() {
    Outcome outcome =
        NestedRun.of(Inherits.class).alsoSuite("other", Constructs.class, Innocent.class).run();

    assertThat(outcome.headlines())
        .containsExactly(
            headline("the constructor of MakingSamples.Inherits"),
            headline("the constructor of MakingSamples.Constructs"))
        .inOrder();
  }

  @Test
  public void blamesTheConstructorForWhatItsThreadStartsInATest() {
    Outcome outcome = NestedRun.of(StartsMoreLater.class).run();

    String blamed = headline("the constructor of MakingSamples.StartsMoreLater");
    assertThat(outcome.headlines())
        .containsExactly(blamed, blamed); // after the test, and the class
  }

  @Test
  public void blamesNobodyForWhatListenersStart() {
    Outcome outcome =
        NestedRun.of(Innocent.class)
            .listener(new LeakVerifierListener())
            .listener(new StartsThreads())
            .runBesideALeak();

    assertThat(outcome.passed()).containsExactly("innocent");
    assertThat(outcome.failed()).isEmpty();
  }

  private static final class StartsThreads
      implements IExecutionListener, IAlterSuiteListener, ISuiteListener {
    @Override
    public void onExecutionStart() {
      Leaks.leave("before all");
    }

    @Override
    public void alter(List<XmlSuite> suites) {
      Leaks.leave("before the instances are made");
    }

    @Override
    public void onStart(ISuite suite) {
      Leaks.leave("before the suite");
    }
  }

  @Test
  public void goesByTheThreadsOwnCodeWhereOriginsAreNotRecorded() {
    Outcome outcome = NestedRun.of(LeavesTwoKinds.class).parameter("leak.origins", "false").run();

    assertBlames(outcome, "the constructor of MakingSamples.LeavesTwoKinds");
    assertThat(outcome.error("test")).hasMessageThat().containsMatch("1\\) [a-z ]+ \"tells\"");
  }

  @Test
  public void leavesAloneAClassThatIsNotToBeChecked() {
    assertThat(NestedRun.of(Ignored.class).runBesideALeak().failed()).isEmpty();
  }

  @Test
  public void failsATestThatWasNotSkipped() {
    Outcome outcome = NestedRun.of(Skipped.class).run();

    assertThat(outcome.skipped()).containsExactly("skipped");
    assertThat(outcome.headline("ran"))
        .isEqualTo(headline("the constructor of MakingSamples.Skipped"));
  }

  @Test
  public void failsTheLastTestWhereTheClassHasNone() {
    Outcome outcome = NestedRun.of(WithoutTests.class, Innocent.class).run();

    assertThat(outcome.failed()).containsExactly("innocent");
    assertBlames(outcome, "the constructor of MakingSamples.WithoutTests");
  }

  /** A limit: by then the instances of the {@code <test>} have been made. */
  @Test
  public void doesNotSeeWhatIsMadeBeforeTestNgKnowsTheListener() {
    Outcome outcome = NestedRun.of(NamesTheListener.class).runAsIs();

    assertThat(outcome.passed()).containsExactly("first", "second");
  }

  private static void assertBlames(Outcome outcome, String blamed) {
    assertThat(outcome.headlines()).containsExactly(headline(blamed));
    assertThat(outcome.exitCode()).isEqualTo(1);
  }

  private static String headline(String blamed) {
    return "1 thread leaked by " + blamed + " (looked once, without waiting)";
  }
}
