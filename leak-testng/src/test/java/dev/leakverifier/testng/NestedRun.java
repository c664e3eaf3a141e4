package dev.leakverifier.testng;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.leakverifier.testing.BlockedThread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.testng.IConfigurationListener;
import org.testng.ITestListener;
import org.testng.ITestNGListener;
import org.testng.ITestResult;
import org.testng.TestNG;
import org.testng.annotations.Test;
import org.testng.xml.XmlClass;
import org.testng.xml.XmlSuite;
import org.testng.xml.XmlTest;

/** Runs sample tests through TestNG itself, with the listener, and records what TestNG tells. */
final class NestedRun {
  private final XmlSuite suite = new XmlSuite();
  private final List<XmlSuite> more = new ArrayList<>();
  private final List<ITestNGListener> listeners = new ArrayList<>();

  private NestedRun() {
    suite.setName("nested");
    suite.getParameters().put("leak.maxWait", "0s"); // blocked threads do not end by themselves
  }

  /**
   * What the listeners were told in the end, by method name, and TestNG's own exit code.
   *
   * @param messages those of all failures, also where methods share a name
   */
  record Outcome(
      Map<String, ITestResult> results,
      List<Map.Entry<String, Integer>> tellings,
      List<String> messages,
      int exitCode) {
    /**
     * The methods of which the listeners were told this at any time, also if it was not the last.
     */
    List<String> told(int status) {
      return tellings.stream()
          .filter(telling -> telling.getValue() == status)
          .map(Map.Entry::getKey)
          .toList();
    }

    /** The first lines of all failures' messages. */
    List<String> headlines() {
      return messages.stream().map(NestedRun::headline).toList();
    }

    List<String> failed() {
      return named(ITestResult.FAILURE);
    }

    List<String> passed() {
      return named(ITestResult.SUCCESS);
    }

    List<String> skipped() {
      return named(ITestResult.SKIP);
    }

    Throwable error(String method) {
      ITestResult result = results.get(method);
      if (result == null || result.getThrowable() == null) {
        throw new AssertionError(method + " has no error; there are " + results.keySet());
      }
      return result.getThrowable();
    }

    /** The first line of the error's message. */
    String headline(String method) {
      return NestedRun.headline(error(method));
    }

    private Outcome without(String method) {
      return new Outcome(
          Maps.filterKeys(results, name -> !name.equals(method)), tellings, messages, exitCode);
    }

    private List<String> named(int status) {
      return results.entrySet().stream()
          .filter(result -> result.getValue().getStatus() == status)
          .map(Map.Entry::getKey)
          .toList();
    }
  }

  /** A run of {@code classes} in one {@code <test>} tag. */
  static NestedRun of(Class<?>... classes) {
    return new NestedRun().test("nested", classes);
  }

  /** A run with no {@code <test>} tag yet. */
  static NestedRun ofSuite() {
    return new NestedRun();
  }

  /** Adds a {@code <test>} tag. */
  NestedRun test(String name, Class<?>... classes) {
    XmlTest test = new XmlTest(suite);
    test.setName(name);
    test.setXmlClasses(Arrays.stream(classes).map(XmlClass::new).toList());
    return this;
  }

  /** Adds a suite of its own to the same run. */
  NestedRun alsoSuite(String name, Class<?>... classes) {
    NestedRun other = of(classes);
    other.suite.setName(name);
    more.add(other.suite);
    return this;
  }

  NestedRun parameter(String key, String value) {
    suite.getParameters().put(key, value);
    return this;
  }

  NestedRun xml(Consumer<XmlSuite> change) {
    change.accept(suite);
    return this;
  }

  NestedRun listener(ITestNGListener listener) {
    listeners.add(listener);
    return this;
  }

  /** Runs with the listener as most users have it. */
  Outcome run() {
    return listener(new LeakVerifierListener()).runAsIs();
  }

  /**
   * Runs beside a test that leaks, and tells what came of all others. That nothing else was found
   * shows something only where the one was: it must fail.
   */
  Outcome runBesideALeak() {
    if (listeners.stream().noneMatch(LeakVerifierListener.class::isInstance)) {
      listener(new LeakVerifierListener());
    }
    Outcome outcome;
    try {
      outcome = test("beside", Beside.class).runAsIs();
    } finally {
      Beside.left.forEach(BlockedThread::close);
    }
    if (!outcome.failed().contains("leaks")) {
      throw new AssertionError("not even this leak was found; passed: " + outcome.passed());
    }
    return outcome.without("leaks");
  }

  /** A test that leaks. */
  public static class Beside {
    private static final Queue<BlockedThread> left = new ConcurrentLinkedQueue<>();

    @Test
    public void leaks() {
      left.add(BlockedThread.start("left-beside"));
    }
  }

  /** Runs with nothing but the listeners given. */
  Outcome runAsIs() {
    TestNG testng = new TestNG(/* useDefaultListeners= */ false);
    testng.setVerbose(0);
    testng.setXmlSuites(ImmutableList.<XmlSuite>builder().add(suite).addAll(more).build());
    Recorder recorder = new Recorder();
    testng.addListener(recorder);
    listeners.forEach(testng::addListener);
    testng.run();
    return new Outcome(
        ImmutableMap.copyOf(recorder.results),
        ImmutableList.copyOf(recorder.tellings),
        ImmutableList.copyOf(recorder.messages),
        testng.getStatus());
  }

  private static String headline(Throwable error) {
    return headline(String.valueOf(error.getMessage()));
  }

  private static String headline(String message) {
    return message.lines().findFirst().orElse("");
  }

  private static final class Recorder implements ITestListener, IConfigurationListener {
    final List<Map.Entry<String, Integer>> tellings =
        Collections.synchronizedList(new ArrayList<>());
    final List<String> messages = Collections.synchronizedList(new ArrayList<>());
    final Map<String, ITestResult> results = Collections.synchronizedMap(new LinkedHashMap<>());

    @Override
    public void onTestSuccess(ITestResult result) {
      record(result);
    }

    @Override
    public void onTestFailure(ITestResult result) {
      record(result);
    }

    @Override
    public void onTestSkipped(ITestResult result) {
      record(result);
    }

    @Override
    public void onTestFailedButWithinSuccessPercentage(ITestResult result) {
      record(result);
    }

    @Override
    public void onConfigurationFailure(ITestResult result) {
      record(result);
    }

    private void record(ITestResult result) {
      String parameters =
          result.getParameters().length == 0 ? "" : Arrays.toString(result.getParameters());
      String name = result.getMethod().getMethodName() + parameters;
      results.put(name, result);
      tellings.add(Map.entry(name, result.getStatus()));
      if (result.getStatus() == ITestResult.FAILURE && result.getThrowable() != null) {
        messages.add(String.valueOf(result.getThrowable().getMessage()));
      }
    }
  }
}
