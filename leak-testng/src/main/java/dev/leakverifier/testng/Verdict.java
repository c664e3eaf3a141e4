package dev.leakverifier.testng;

import dev.leakverifier.host.Log;
import java.util.List;
import java.util.stream.Stream;
import org.testng.IClassListener;
import org.testng.IConfigurationListener;
import org.testng.IResultMap;
import org.testng.ITestContext;
import org.testng.ITestListener;
import org.testng.ITestNGMethod;
import org.testng.ITestResult;
import org.testng.TestRunner;

/** Says in a TestNG result that its test or fixture has leaked. */
final class Verdict {
  private static final Log LOG = Log.of(Verdict.class);
  private static final String ATTRIBUTE = Verdict.class.getName();

  private Verdict() {}

  /**
   * Adds {@code error} to {@code result}: a failure of its own stays the first, a skip stays a
   * skip. An attempt that is retried counts as skipped, too, but not for its leak.
   */
  static void add(ITestResult result, Throwable error) {
    result.setAttribute(ATTRIBUTE, error);
    Throwable own = result.getThrowable();
    if (own == null) {
      result.setThrowable(error);
    } else if (result.getStatus() == ITestResult.SUCCESS) { // it expected that exception
      error.addSuppressed(own);
      result.setThrowable(error);
    } else {
      attach(result, own, error);
    }
    if (result.getStatus() == ITestResult.SKIP && !result.wasRetried()) {
      LOG.warn("{} was skipped, and left threads behind", ResultNames.of(result), error);
    } else {
      result.setStatus(ITestResult.FAILURE);
    }
  }

  /**
   * Adds {@code error} to a {@code result} that TestNG has filed and told its listeners already:
   * files it again, and tells again. Reporters then show the test twice, the second time as failed
   * with {@code error}.
   *
   * @param classIsOver whether listeners have been told that the class of {@code result} is over
   */
  static void addLate(ITestResult result, Throwable error, boolean classIsOver) {
    add(result, error);
    if (result.getStatus() == ITestResult.FAILURE) {
      refile(result);
      Throwable own = result.getThrowable();
      result.setThrowable(error);
      tell(result, classIsOver);
      result.setThrowable(own);
    }
  }

  /** Says in {@code result} what was said in {@code noted}, if something has taken its place. */
  static void restore(ITestResult noted, ITestResult result) {
    Throwable own = result.getThrowable();
    if (noted.getAttribute(ATTRIBUTE) instanceof Throwable error
        && own != null
        && own != error
        && Stream.of(own.getSuppressed()).noneMatch(suppressed -> suppressed == error)) {
      attach(result, own, error);
    }
  }

  private static void attach(ITestResult result, Throwable own, Throwable error) {
    int before = own.getSuppressed().length;
    if (own != error) {
      own.addSuppressed(error);
    }
    if (own.getSuppressed().length == before) { // an exception class may switch this off
      LOG.error("{} failed, and has also left threads behind", ResultNames.of(result), error);
    }
  }

  private static void refile(ITestResult result) {
    ITestContext context = result.getTestContext();
    if (result.getMethod().isTest()) {
      move(result, context.getPassedTests(), context.getFailedTests());
      move(result, context.getSkippedTests(), context.getFailedTests());
      move(result, context.getFailedButWithinSuccessPercentageTests(), context.getFailedTests());
    } else {
      move(result, context.getPassedConfigurations(), context.getFailedConfigurations());
    }
  }

  private static void move(ITestResult result, IResultMap from, IResultMap to) {
    if (from.getAllResults().contains(result)) {
      from.removeResult(result);
      add(to, result);
    }
  }

  private static void add(IResultMap to, ITestResult result) {
    try {
      to.addResult(result);
    } catch (NoSuchMethodError beforeTestNg74) {
      try {
        IResultMap.class
            .getMethod("addResult", ITestResult.class, ITestNGMethod.class)
            .invoke(to, result, result.getMethod());
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("this TestNG offers no known way to add a result", e);
      }
    }
  }

  /** Listeners are all that counts results in Surefire, Gradle, IDEs and TestNG's own exit code. */
  private static void tell(ITestResult result, boolean classIsOver) {
    TestRunner runner = (TestRunner) result.getTestContext();
    if (result.getMethod().isTest()) {
      List.copyOf(runner.getTestListeners()).stream()
          .filter(listener -> !(listener instanceof LeakVerifierListener))
          .forEach(listener -> tellTest(listener, result, classIsOver));
    } else {
      List.copyOf(runner.getConfigurationListeners())
          .forEach(listener -> tellConfiguration(listener, result));
    }
  }

  /**
   * Who follows classes has closed this one: Gradle's and the JUnit Platform's take fixtures then.
   */
  private static void tellTest(ITestListener listener, ITestResult result, boolean classIsOver) {
    if (classIsOver
        && listener instanceof IClassListener
        && listener instanceof IConfigurationListener fixtures) {
      tellConfiguration(fixtures, result);
      return;
    }
    try {
      listener.onTestStart(result);
      listener.onTestFailure(result);
    } catch (RuntimeException | Error e) {
      keep(e, listener, result);
    }
  }

  private static void tellConfiguration(IConfigurationListener listener, ITestResult result) {
    try {
      listener.onConfigurationFailure(result);
    } catch (RuntimeException | Error e) {
      keep(e, listener, result);
    }
  }

  /**
   * What a listener throws would end the run, and its reports; so it goes with the leak's error.
   */
  private static void keep(Throwable thrown, Object listener, ITestResult result) {
    result.getThrowable().addSuppressed(thrown);
    LOG.warn("{} threw when told that {} leaked", listener, ResultNames.of(result), thrown);
  }
}
