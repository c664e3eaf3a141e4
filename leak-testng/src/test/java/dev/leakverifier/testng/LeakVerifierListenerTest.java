package dev.leakverifier.testng;

import static com.google.common.truth.Truth.assertThat;
import static org.testng.Assert.expectThrows;

import dev.leakverifier.LeakError;
import dev.leakverifier.LeakOption;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.Leaks;
import dev.leakverifier.testng.ListenerSamples.AlsoAnnotated;
import dev.leakverifier.testng.ListenerSamples.AlsoLeaks;
import dev.leakverifier.testng.ListenerSamples.Annotated;
import dev.leakverifier.testng.ListenerSamples.ExpectsAnException;
import dev.leakverifier.testng.ListenerSamples.FailsByItself;
import dev.leakverifier.testng.ListenerSamples.ForgetsAfterSuite;
import dev.leakverifier.testng.ListenerSamples.ForgottenByAfterClass;
import dev.leakverifier.testng.ListenerSamples.Innocent;
import dev.leakverifier.testng.ListenerSamples.LeaksInARetriedAttempt;
import dev.leakverifier.testng.ListenerSamples.NotStoppedAfterMethod;
import dev.leakverifier.testng.ListenerSamples.OneOfThreeLeaks;
import dev.leakverifier.testng.ListenerSamples.ParallelRows;
import dev.leakverifier.testng.ListenerSamples.Rows;
import dev.leakverifier.testng.ListenerSamples.SharedPool;
import dev.leakverifier.testng.ListenerSamples.SideBySide;
import dev.leakverifier.testng.ListenerSamples.SkipsItself;
import dev.leakverifier.testng.ListenerSamples.StoppedAfterClass;
import dev.leakverifier.testng.ListenerSamples.StoppedAfterMethod;
import dev.leakverifier.testng.ListenerSamples.StoppedLastTimeOnly;
import dev.leakverifier.testng.ListenerSamples.StopsAfterSuite;
import dev.leakverifier.testng.ListenerSamples.StopsAfterTest;
import dev.leakverifier.testng.ListenerSamples.WithTimeOut;
import dev.leakverifier.testng.NestedRun.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.testng.ISuite;
import org.testng.ISuiteListener;
import org.testng.ITestListener;
import org.testng.ITestResult;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.Test;
import org.testng.xml.XmlSuite;

public class LeakVerifierListenerTest {
  @AfterMethod
  public void endSampleThreads() {
    Leaks.endAll();
  }

  @Test
  public void failsTheTestThatLeftAThreadAndRunsTheOthers() {
    Outcome outcome = NestedRun.of(OneOfThreeLeaks.class).run();

    assertThat(outcome.failed()).containsExactly("b");
    assertThat(outcome.passed()).containsExactly("a", "c");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.error("b")).isInstanceOf(LeakError.class);
    assertThat(outcome.headline("b"))
        .isEqualTo(
            "1 thread leaked by ListenerSamples.OneOfThreeLeaks.b"
                + " (looked once, without waiting)");
    assertThat(outcome.error("b")).hasMessageThat().contains("\"left-by-b\"   WAITING");
  }

  @Test
  public void acceptsWhatAfterMethodStops() {
    for (String scope : new String[] {"auto", "method", "class", "test", "suite"}) {
      Outcome outcome =
          NestedRun.of(StoppedAfterMethod.class).parameter("leak.scope", scope).runBesideALeak();

      assertThat(outcome.failed()).isEmpty();
      assertThat(outcome.passed()).containsExactly("a", "b");
    }
  }

  @Test
  public void exitsWithZeroWhereNothingIsLeft() {
    assertThat(NestedRun.of(StoppedAfterMethod.class).run().exitCode()).isEqualTo(0);
  }

  @Test
  public void failsTheTestWhoseThreadAfterMethodDidNotStop() {
    Outcome outcome = NestedRun.of(NotStoppedAfterMethod.class).run();

    assertThat(outcome.failed()).containsExactly("a");
    assertThat(outcome.passed()).containsExactly("b");
    assertThat(outcome.exitCode()).isEqualTo(1);
  }

  @Test
  public void acceptsWhatAfterClassStops() {
    for (String scope : new String[] {"auto", "class", "test", "suite"}) {
      Outcome outcome =
          NestedRun.of(StoppedAfterClass.class).parameter("leak.scope", scope).runBesideALeak();

      assertThat(outcome.failed()).isEmpty();
      assertThat(outcome.passed()).containsExactly("a");
    }
  }

  @Test
  public void failsWhatAfterClassWouldStopWhereTheScopeIsMethod() {
    Outcome outcome = NestedRun.of(StoppedAfterClass.class).parameter("leak.scope", "method").run();

    assertThat(outcome.failed()).containsExactly("a", "afterEach");
    assertThat(outcome.headline("afterEach"))
        .startsWith("1 thread leaked by @AfterMethod ListenerSamples.StoppedAfterClass");
  }

  @Test
  public void blamesTheTestsInWhichTheThreadsAppearedAfterTheClass() {
    Outcome outcome = NestedRun.of(ForgottenByAfterClass.class, Innocent.class).run();

    assertThat(outcome.failed()).containsExactly("start", "a", "c");
    assertThat(outcome.passed()).containsExactly("b", "innocent");
    assertThat(outcome.headline("c")).contains("ForgottenByAfterClass.c ");
    assertThat(outcome.headline("start")).contains("@BeforeClass ListenerSamples.Forgot");
  }

  @Test
  public void acceptsWhatAfterTestStops() {
    Outcome outcome = NestedRun.of(OneOfThreeLeaks.class, StopsAfterTest.class).runBesideALeak();

    assertThat(outcome.failed()).isEmpty();
    assertThat(outcome.passed()).containsAtLeast("a", "b", "c");
  }

  @Test
  public void acceptsWhatAfterSuiteStopsInAnotherTestTag() {
    Outcome outcome =
        NestedRun.ofSuite()
            .test("first", OneOfThreeLeaks.class)
            .test("second", StopsAfterSuite.class, Innocent.class)
            .runBesideALeak();

    assertThat(outcome.failed()).isEmpty();
    assertThat(outcome.passed()).containsExactly("a", "b", "c", "innocent");
  }

  @Test
  public void blamesTheTestAfterTheSuite() {
    Outcome outcome =
        NestedRun.of(OneOfThreeLeaks.class, ForgetsAfterSuite.class, Innocent.class).run();

    assertThat(outcome.failed()).containsExactly("b");
    assertThat(outcome.passed()).containsExactly("a", "c", "innocent");
    assertThat(outcome.exitCode()).isEqualTo(1);
  }

  @Test
  public void givesOneVerdictAtTheEndOfTheSuite() {
    for (String scope : new String[] {"class", "test", "suite"}) {
      Outcome outcome =
          NestedRun.of(OneOfThreeLeaks.class, Innocent.class).parameter("leak.scope", scope).run();

      assertThat(outcome.failed()).containsExactly("b");
      assertThat(outcome.exitCode()).isEqualTo(1);
      Leaks.endAll();
    }
  }

  @Test
  public void keepsTheTestsOwnErrorFirst() {
    Outcome outcome = NestedRun.of(FailsByItself.class).run();

    assertThat(outcome.failed()).containsExactly("failing");
    assertThat(outcome.error("failing")).hasMessageThat().isEqualTo("my own");
    assertThat(outcome.error("failing").getSuppressed()[0]).isInstanceOf(LeakError.class);
  }

  @Test
  public void keepsASkippedTestSkippedWithTheLeakAttached() {
    Outcome outcome = NestedRun.of(SkipsItself.class).run();

    assertThat(outcome.skipped()).containsExactly("skipping");
    assertThat(outcome.error("skipping").getSuppressed()[0]).isInstanceOf(LeakError.class);
  }

  @Test
  public void looksAtAFailedSuiteOnlyWhenAsked() {
    NestedRun suite =
        NestedRun.of(FailsByItself.class, OneOfThreeLeaks.class).parameter("leak.scope", "suite");
    assertThat(suite.run().failed()).containsExactly("failing");
    Leaks.endAll();

    NestedRun asked =
        NestedRun.of(FailsByItself.class, OneOfThreeLeaks.class)
            .parameter("leak.scope", "suite")
            .parameter("leak.runOnFailure", "true");
    assertThat(asked.run().failed()).containsExactly("failing", "b");
  }

  @Test
  public void namesTheParameters() {
    Outcome outcome = NestedRun.of(Rows.class).run();

    assertThat(outcome.failed()).containsExactly("pays[USD]");
    assertThat(outcome.passed()).containsExactly("pays[EUR]");
    assertThat(outcome.headline("pays[USD]")).contains("Rows.pays(USD) ");
  }

  @Test
  public void reportsAThreadOnceThoughTwoListenersAreNamed() {
    Outcome outcome = NestedRun.of(AlsoAnnotated.class).listener(new LeakVerifierListener()).run();

    assertThat(outcome.failed()).containsExactly("a");
    assertThat(outcome.error("a").getSuppressed()).hasLength(1); // the thread's stack
  }

  @Test
  public void worksByAnnotationAlone() {
    Outcome outcome = NestedRun.of(AlsoAnnotated.class).runAsIs();

    assertThat(outcome.failed()).containsExactly("a");
  }

  @Test
  public void checksNothingWhenSwitchedOff() {
    NestedRun run = NestedRun.of(OneOfThreeLeaks.class);
    assertThat(run.run().failed()).containsExactly("b");

    Outcome outcome = run.parameter("leak.enabled", "false").runAsIs();
    assertThat(outcome.failed()).isEmpty();
    assertThat(outcome.passed()).containsExactly("a", "b", "c");
  }

  @Test
  public void takesParametersOfATestTag() {
    Outcome outcome =
        NestedRun.ofSuite()
            .test("checked", OneOfThreeLeaks.class)
            .test("unchecked", AlsoLeaks.class)
            .xml(suite -> suite.getTests().get(1).addParameter("leak.enabled", "false"))
            .run();

    assertThat(outcome.failed()).containsExactly("b");
  }

  @Test
  public void readsIgnoreLeaks() {
    Outcome outcome = NestedRun.of(Annotated.class).run();

    assertThat(outcome.passed()).containsExactly("a", "c", "e");
    assertThat(outcome.failed()).containsExactly("b", "d");
    assertThat(outcome.headline("d")).contains("@IgnoreLeaks on ");
    assertThat(outcome.headline("d")).contains("function (\"run\") must be");
  }

  @Test
  public void takesTheOptionsOfASubclass() {
    List<Integer> exitCodes = new ArrayList<>();
    Outcome outcome =
        NestedRun.of(OneOfThreeLeaks.class, AlsoLeaks.class)
            .listener(
                new LeakVerifierListener() {
                  @Override
                  protected List<LeakOption> options() {
                    return List.of(
                        LeakVerifier.ignoreName("left-by-b"), LeakVerifier.cleanup(exitCodes::add));
                  }
                })
            .runAsIs();

    assertThat(outcome.failed()).containsExactly("alsoLeaks");
    assertThat(exitCodes).containsExactly(1);
  }

  @Test
  public void failsTheTestWithTheErrorOfAPredicateThatThrows() {
    Outcome outcome =
        NestedRun.of(OneOfThreeLeaks.class)
            .listener(
                new LeakVerifierListener() {
                  @Override
                  protected List<LeakOption> options() {
                    return List.of(
                        LeakVerifier.ignoreFunc(
                            thread -> {
                              throw new IllegalArgumentException("my predicate");
                            }));
                  }
                })
            .runAsIs();

    assertThat(outcome.failed()).containsExactly("b");
    assertThat(outcome.error("b")).hasCauseThat().hasMessageThat().isEqualTo("my predicate");
  }

  @Test
  public void stopsTheRunWhenASettingIsBad() {
    IllegalArgumentException error =
        expectThrows(
            IllegalArgumentException.class,
            () -> NestedRun.of(OneOfThreeLeaks.class).parameter("leak.scope", "methods").run());

    assertThat(error)
        .hasMessageThat()
        .startsWith("leak.scope = \"methods\" (testng.xml parameter) must be auto, or");
  }

  @Test
  public void blamesOfTwoParallelTestsTheOneThatLeaks() {
    Outcome outcome = inParallel(SideBySide.class).run();

    assertThat(outcome.passed()).containsExactly("stops");
    assertThat(outcome.headline("leaks"))
        .startsWith("1 thread leaked by ListenerSamples.SideBySide.leaks (");
    assertThat(outcome.error("leaks"))
        .hasMessageThat()
        .contains("called from dev.leakverifier.testng.ListenerSamples$SideBySide.leaks(Listener");
  }

  @Test
  public void namesAllParallelTestsThatMayHaveLeakedWhereOriginsAreNotRecorded() {
    Outcome outcome = inParallel(SideBySide.class).parameter("leak.origins", "false").run();

    assertThat(outcome.failed()).hasSize(1);
    String blamed = outcome.failed().get(0);
    assertThat(outcome.headline(blamed)).startsWith("1 thread leaked by one of ");
    assertThat(outcome.headline(blamed)).contains("SideBySide.leaks");
    assertThat(outcome.headline(blamed)).contains("SideBySide.stops");
    assertThat(outcome.error(blamed))
        .hasMessageThat()
        .contains("not seen: who started them: it was not recorded; ");
  }

  @Test
  public void judgesAPoolThatParallelTestsShareWhenItsClassIsOver() {
    Outcome stopped = inParallel(SharedPool.class).parameter("stop", "true").run();
    assertThat(stopped.failed()).isEmpty();

    Outcome left = inParallel(SharedPool.class).parameter("stop", "false").run();
    SharedPool.LEFT.forEach(ExecutorService::shutdown);
    assertThat(left.failed()).containsExactly("one", "two");
    assertThat(left.headline("one")).contains("1 thread leaked by ListenerSamples.SharedPool.one");
    assertThat(left.headline("two")).contains("1 thread leaked by ListenerSamples.SharedPool.two");
  }

  @Test
  public void refusesToIgnoreByStarterWhereOriginsAreNotRecorded() {
    NestedRun run =
        NestedRun.of(Innocent.class)
            .parameter("leak.ignoreCreatedBy", "com.acme.Pool.submit")
            .parameter("leak.origins", "false");

    assertThat(expectThrows(IllegalArgumentException.class, run::run))
        .hasMessageThat()
        .isEqualTo(
            "ignoreCreatedBy(\"com.acme.Pool.submit\") needs to know who started a thread, and that"
                + " is not recorded: call LeakVerifier.recordOrigins() before the code under test"
                + " runs, or, in a listener or a rule, do not set leak.origins=false");
  }

  private static NestedRun inParallel(Class<?> testClass) {
    return NestedRun.of(testClass)
        .parameter("leak.maxWait", "1s") // TestNG's own workers may just be ending
        .xml(suite -> suite.setParallel(XmlSuite.ParallelMode.METHODS))
        .xml(suite -> suite.setThreadCount(2));
  }

  @Test
  public void checksATestThatTestNgRunsOnAThreadOfItsOwn() {
    Outcome outcome = NestedRun.of(WithTimeOut.class).parameter("leak.maxWait", "1s").run();

    assertThat(outcome.failed()).containsExactly("leaks");
    assertThat(outcome.passed()).containsExactly("passes");
  }

  @Test
  public void doesNotBlameARowForTheThreadsOfARowBesideIt() {
    Outcome outcome =
        NestedRun.of(ParallelRows.class)
            .parameter("leak.maxWait", "1s")
            .listener(
                new ITestListener() {
                  @Override
                  public void onTestSuccess(ITestResult result) { // after the leak check
                    if (result.getInstance() instanceof ParallelRows rows) {
                      rows.release();
                    }
                  }
                })
            .runBesideALeak();

    assertThat(outcome.failed()).isEmpty();
    assertThat(outcome.passed()).containsExactly("stopsItsThread[quick]", "stopsItsThread[slow]");
  }

  @Test
  public void acceptsWhatAfterMethodStopsTheLastTime() {
    Outcome outcome = NestedRun.of(StoppedLastTimeOnly.class).runBesideALeak();

    assertThat(outcome.failed()).isEmpty();
    assertThat(outcome.passed()).containsExactly("thrice");
  }

  @Test
  public void doesNotLoseTheLeakOfARetriedAttempt() {
    Outcome outcome = NestedRun.of(LeaksInARetriedAttempt.class).run();

    assertThat(outcome.told(ITestResult.FAILURE)).containsExactly("flaky");
    assertThat(outcome.exitCode()).isNotEqualTo(0);
  }

  @Test
  public void showsTheLeakAndNotTheExceptionThatTheTestExpects() {
    Outcome outcome = NestedRun.of(ExpectsAnException.class).run();

    assertThat(outcome.error("throwing")).isInstanceOf(LeakError.class);
  }

  @Test
  public void leavesAloneWhatOtherListenersStartForTheWholeRun() {
    List<BlockedThread> server = new ArrayList<>();
    Outcome outcome =
        NestedRun.of(Innocent.class)
            .listener(new LeakVerifierListener())
            .listener(
                new ISuiteListener() {
                  @Override
                  public void onStart(ISuite suite) {
                    server.add(BlockedThread.start("server"));
                  }
                })
            .runBesideALeak();
    server.forEach(BlockedThread::close);

    assertThat(server).hasSize(1);
    assertThat(outcome.failed()).isEmpty();
    assertThat(outcome.passed()).containsExactly("innocent");
  }

  @Test
  public void failsTheRunButKeepsItsResultsWhenACleanupThrows() {
    List<Integer> exitCodes = new ArrayList<>();
    Outcome outcome =
        NestedRun.of(Innocent.class)
            .listener(
                new LeakVerifierListener() {
                  @Override
                  protected List<LeakOption> options() {
                    return List.of(
                        LeakVerifier.cleanup(
                            exitCode -> {
                              throw new IllegalStateException("my cleanup");
                            }),
                        LeakVerifier.cleanup(exitCodes::add));
                  }
                })
            .runAsIs();

    assertThat(outcome.failed()).containsExactly("innocent");
    assertThat(outcome.error("innocent")).hasMessageThat().isEqualTo("my cleanup");
    assertThat(exitCodes).containsExactly(0);
  }

  @Test
  @SuppressWarnings("NullAway") // what a user can do
  public void saysWhichListenerHasNoOptions() {
    LeakVerifierListener listener =
        new LeakVerifierListener() {
          @Override
          protected List<LeakOption> options() {
            return null;
          }
        };
    NullPointerException error =
        expectThrows(
            NullPointerException.class,
            () -> NestedRun.of(Innocent.class).listener(listener).runAsIs());

    assertThat(error).hasMessageThat().startsWith("options() of dev.leakverifier.testng.Leak");
  }
}
