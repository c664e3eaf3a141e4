package dev.leakverifier.testng;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leakverifier.LeakError;
import dev.leakverifier.LeakOption;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.testing.Leaks;
import dev.leakverifier.testng.FeatureSamples.KnownAfterClass;
import dev.leakverifier.testng.ListenerSamples.Innocent;
import dev.leakverifier.testng.ListenerSamples.OneOfThreeLeaks;
import dev.leakverifier.testng.NestedRun.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.testng.IInvokedMethod;
import org.testng.IInvokedMethodListener;
import org.testng.ISuite;
import org.testng.ITestListener;
import org.testng.ITestResult;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/**
 * What the listener says and costs beside its verdicts, and how it gets on with other listeners.
 */
public class QuietTest {
  private final PrintStream stdout = System.out;
  private final PrintStream stderr = System.err;

  /** Set by the build, which leaves the heap alone in most tests. */
  private final String heap = System.getProperty("leak.heap");

  @BeforeMethod
  public void leaveSettingsToTheTests() {
    System.clearProperty("leak.heap");
  }

  @AfterMethod
  public void restore() {
    System.setProperty("leak.heap", heap);
    System.setOut(stdout);
    System.setErr(stderr);
    Leaks.endAll();
  }

  @Test
  public void saysOnceWhatIsCheckedAndWhereEachSettingCameFrom() {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, UTF_8));
    NestedRun.ofSuite()
        .test("first", Innocent.class)
        .test("second", Innocent.class)
        .parameter("leak.scope", "class, suite")
        .xml(suite -> suite.getTests().get(1).addParameter("leak.scope", "test"))
        .listener(new IgnoresByName())
        .listener(new LeakVerifierListener())
        .runAsIs();
    System.setErr(stderr);

    assertThat(linesWith(log, "SuiteSettings"))
        .containsExactly(
            "suite \"nested\" is checked for leaked threads; scope: class,suite; settings:"
                + " leak.maxWait = \"0s\" (testng.xml parameter), leak.scope = \"class, suite\""
                + " (testng.xml parameter)",
            "<test> \"second\"; scope: test; settings: leak.maxWait = \"0s\" (testng.xml"
                + " parameter), leak.scope = \"test\" (testng.xml parameter)",
            "suite \"nested\": [ignoreName(\"mine-*\")] (options() of"
                + " dev.leakverifier.testng.QuietTest$IgnoresByName)")
        .inOrder();
  }

  private static final class IgnoresByName extends LeakVerifierListener {
    @Override
    protected List<LeakOption> options() {
      return List.of(LeakVerifier.ignoreName("mine-*"));
    }
  }

  private static List<String> linesWith(ByteArrayOutputStream log, String logger) {
    return log.toString(UTF_8)
        .lines()
        .filter(line -> line.contains(logger + " - "))
        .map(line -> line.substring(line.indexOf(" - ") + 3))
        .toList();
  }

  @Test
  public void printsNothingToStdout() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, UTF_8));
    Outcome outcome = NestedRun.of(OneOfThreeLeaks.class, KnownAfterClass.class).run();
    System.setOut(stdout);

    assertThat(outcome.failed()).containsExactly("b", "leaks");
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  /** A listing of this JVM's threads alone needs more memory than that. */
  @Test
  public void doesNothingWhenSwitchedOff() {
    List<ISuite> suites = new ArrayList<>();
    List<ITestResult> results = new ArrayList<>();
    LeakVerifierListener listener = new LeakVerifierListener();
    NestedRun.of(OneOfThreeLeaks.class)
        .parameter("leak.enabled", "false")
        .listener(listener)
        .listener(
            new ITestListener() {
              @Override
              public void onTestSuccess(ITestResult result) {
                results.add(result);
                suites.add(result.getTestContext().getSuite());
              }
            })
        .runAsIs();

    assertThat(suites.get(0).getAttributeNames()).isEmpty();
    ITestResult result = results.get(0);
    long pairs = 10_000;
    long before = allocated();
    for (int i = 0; i < pairs; i++) {
      listener.beforeInvocation(NO_METHOD, result);
      listener.afterInvocation(NO_METHOD, result);
    }
    assertThat((allocated() - before) / pairs).isLessThan(200L);
  }

  private static final IInvokedMethod NO_METHOD =
      (IInvokedMethod)
          Proxy.newProxyInstance(
              QuietTest.class.getClassLoader(),
              new Class<?>[] {IInvokedMethod.class},
              (proxy, method, arguments) -> {
                throw new AssertionError(method);
              });

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  @Test
  public void tellsTheOtherListenersThoughOneThrowsAndKeepsWhatItThrew() {
    Outcome outcome =
        NestedRun.of(KnownAfterClass.class, Innocent.class)
            .listener(
                new ITestListener() {
                  @Override
                  public void onTestFailure(ITestResult result) {
                    throw new IllegalStateException("my listener");
                  }
                })
            .run();

    assertThat(outcome.failed()).containsExactly("leaks");
    assertThat(outcome.passed()).containsExactly("alsoRuns", "innocent");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.error("leaks").getSuppressed()[1]).hasMessageThat().isEqualTo("my listener");
  }

  /** TestNG fails the test for it; the leak goes with that error, and to no other test. */
  @Test(dataProvider = "orders")
  public void keepsTheLeakBesideWhatAListenerThrowsAfterATest(boolean throwsFirst) {
    ThrowsAfterwards throwing = new ThrowsAfterwards();
    NestedRun run = NestedRun.of(OneOfThreeLeaks.class);
    Outcome outcome =
        throwsFirst
            ? run.listener(throwing).run()
            : run.listener(new LeakVerifierListener()).listener(throwing).runAsIs();

    assertThat(outcome.failed()).containsExactly("a", "b", "c");
    for (String test : outcome.failed()) {
      assertThat(outcome.error(test)).hasMessageThat().isEqualTo("my listener");
    }
    assertThat(outcome.error("a").getSuppressed()).isEmpty();
    assertThat(outcome.error("b").getSuppressed()[0]).isInstanceOf(LeakError.class);
    assertThat(outcome.error("c").getSuppressed()).isEmpty();
  }

  @DataProvider
  public static Object[] orders() {
    return new Object[] {true, false};
  }

  private static final class ThrowsAfterwards implements IInvokedMethodListener {
    @Override
    public void afterInvocation(IInvokedMethod method, ITestResult result) {
      throw new IllegalStateException("my listener");
    }
  }
}
