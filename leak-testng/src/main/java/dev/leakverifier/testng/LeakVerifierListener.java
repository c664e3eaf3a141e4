package dev.leakverifier.testng;

import static java.util.Objects.requireNonNull;

import dev.leakverifier.LeakOption;
import java.util.List;
import java.util.Optional;
import org.testng.IAlterSuiteListener;
import org.testng.IClassListener;
import org.testng.IInvokedMethod;
import org.testng.IInvokedMethodListener;
import org.testng.ISuite;
import org.testng.ISuiteListener;
import org.testng.ITestClass;
import org.testng.ITestContext;
import org.testng.ITestListener;
import org.testng.ITestResult;
import org.testng.TestNG;
import org.testng.xml.XmlSuite;

/**
 * Fails the TestNG test that leaves a thread running.
 *
 * <pre>{@code
 * <suite name="shop">
 *   <parameter name="leak.scope" value="suite"/>
 *   <listeners>
 *     <listener class-name="dev.leakverifier.testng.LeakVerifierListener"/>
 *   </listeners>
 *   ...
 * }</pre>
 *
 * <p>Also in {@code @Listeners} or in Surefire's {@code listener} property; named in several places
 * it still checks once. The {@code leak.*} parameters, system properties and {@code
 * leakverifier.properties} say what is checked and when; a subclass can add {@link #options} in
 * code. Where tests run in parallel, no verdict falls before the end of their {@code <test>}; where
 * {@code <test>} tags do, none before the end of the suite.
 *
 * <p>What constructors, static initialisers and factories of test classes start is seen, too, but
 * not if only {@code @Listeners} names the listener: TestNG reads that when it has made them.
 */
public class LeakVerifierListener
    implements IAlterSuiteListener,
        IInvokedMethodListener,
        ITestListener,
        ISuiteListener,
        IClassListener {

  /** Called by TestNG, which makes one listener for each place that names it. */
  public LeakVerifierListener() {}

  /** Options in code, for the whole suite; asked once at its start. */
  protected List<LeakOption> options() {
    return List.of();
  }

  /** Alters nothing: what TestNG calls last before it makes the tests. */
  @Override
  public final void alter(List<XmlSuite> suites) {
    SuiteWatch.making(suites);
  }

  @Override
  public final void onStart(ISuite suite) {
    refuseTestNg6();
    SuiteWatch.claim(
        suite, this, requireNonNull(options(), () -> "options() of " + getClass().getName()));
  }

  @Override
  public final void beforeInvocation(IInvokedMethod method, ITestResult result) {
    watch(result.getTestContext()).ifPresent(watch -> watch.before(result));
  }

  @Override
  public final void afterInvocation(IInvokedMethod method, ITestResult result) {
    watch(result.getTestContext()).ifPresent(watch -> watch.after(result));
  }

  @Override
  public final void onTestFailure(ITestResult result) {
    watch(result.getTestContext()).ifPresent(watch -> watch.failed(result));
  }

  @Override
  public final void onAfterClass(ITestClass testClass) {
    SuiteWatch.ending(testClass);
  }

  @Override
  public final void onFinish(ITestContext context) {
    watch(context).ifPresent(watch -> watch.finished(context));
  }

  @Override
  public final void onFinish(ISuite suite) {
    SuiteWatch.ownedBy(this, suite).ifPresent(SuiteWatch::finished);
  }

  /** With an older TestNG the first call of what it lacks would say nothing of versions. */
  private static void refuseTestNg6() {
    try {
      ITestResult.class.getMethod("wasRetried"); // came with 7.0
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(
          "LeakVerifier needs TestNG 7.0 or newer, and this one is older: %s; take a newer version of org.testng:testng"
              .formatted(TestNG.class.getProtectionDomain().getCodeSource().getLocation()),
          e);
    }
  }

  private Optional<SuiteWatch> watch(ITestContext context) {
    return SuiteWatch.ownedBy(this, context.getSuite());
  }
}
