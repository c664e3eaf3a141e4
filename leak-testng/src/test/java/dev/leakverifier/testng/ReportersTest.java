package dev.leakverifier.testng;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.testing.Leaks;
import dev.leakverifier.testng.FeatureSamples.KnownAfterClass;
import dev.leakverifier.testng.FeatureSamples.KnownAfterMethod;
import dev.leakverifier.testng.FeatureSamples.KnownAfterSuite;
import dev.leakverifier.testng.FeatureSamples.KnownAtOnce;
import dev.leakverifier.testng.ListenerSamples.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testng.IClassListener;
import org.testng.IConfigurationListener;
import org.testng.ISuite;
import org.testng.ISuiteListener;
import org.testng.ITestClass;
import org.testng.ITestContext;
import org.testng.ITestListener;
import org.testng.ITestNGMethod;
import org.testng.ITestResult;
import org.testng.TestNG;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;
import org.testng.xml.XmlClass;
import org.testng.xml.XmlSuite;
import org.testng.xml.XmlTest;

/** The verdict reaches all that count results, also when it falls after the test was told of. */
public class ReportersTest {
  @AfterMethod
  public void endSampleThreads() {
    Leaks.endAll();
  }

  @DataProvider
  public static Object[] samples() {
    return new Object[] {
      KnownAtOnce.class, KnownAfterMethod.class, KnownAfterClass.class, KnownAfterSuite.class
    };
  }

  @Test(dataProvider = "samples")
  public void testNgsOwnReportsHoldTheLeakingTest(Class<?> sample) throws IOException {
    Path folder = Files.createTempDirectory("reports");
    try {
      TestNG testng = testng(sample);
      testng.setUseDefaultListeners(true);
      testng.setOutputDirectory(folder.toString());
      testng.run();

      assertThat(testng.getStatus()).isEqualTo(1);
      String results = Files.readString(folder.resolve("testng-results.xml"));
      assertThat(results).containsMatch("<testng-results [^>]*failed=\"1\"");
      assertThat(results).containsMatch("<testng-results [^>]*passed=\"1\"");
      assertThat(results)
          .containsMatch("status=\"FAIL\"[^>]* name=\"leaks\"|name=\"leaks\"[^>]* s");
      assertThat(results).contains("1 thread leaked by FeatureSamples." + sample.getSimpleName());
      assertThat(Files.readString(folder.resolve("emailable-report.html"))).contains("1 thread le");
      assertThat(Files.readString(folder.resolve("index.html"))).contains("1 thread leaked by Fe");

      String failed = Files.readString(folder.resolve("testng-failed.xml"));
      assertThat(failed).contains("<include name=\"leaks\"");
      assertThat(failed).doesNotContain("<include name=\"alsoRuns\"");
      TestNG again = new TestNG(false);
      again.setVerbose(0);
      again.setTestSuites(ImmutableList.of(folder.resolve("testng-failed.xml").toString()));
      again.addListener(new LeakVerifierListener());
      again.run();
      assertThat(again.getStatus()).isEqualTo(1);
    } finally {
      deleteAll(folder);
    }
  }

  @Test(dataProvider = "samples")
  public void gradleFindsEachEventInsideAnOpenOne(Class<?> sample) {
    TestNG testng = testng(sample, ListenerSamples.Innocent.class);
    LikeGradle gradle = new LikeGradle();
    testng.addListener(gradle);
    testng.run();

    assertThat(gradle.failures).hasSize(1);
    assertThat(gradle.failures.get(0)).startsWith("leaks: 1 thread leaked by FeatureSamples.Known");
    assertThat(gradle.open).isEmpty();
  }

  @Test
  public void anIdeSeesTheRowThatLeaked() {
    TestNG testng = testng(Rows.class);
    LikeIde ide = new LikeIde();
    testng.addListener(ide);
    testng.run();

    assertThat(ide.lines)
        .containsExactly(
            "started pays[EUR]", "ended pays[EUR]", "started pays[USD]", "failed pays[USD]")
        .inOrder();
  }

  @Test
  public void anIdeSeesATestAgainThatFailsLate() {
    TestNG testng = testng(KnownAfterSuite.class);
    LikeIde ide = new LikeIde();
    testng.addListener(ide);
    testng.run();

    assertThat(ide.lines)
        .containsExactly(
            "started alsoRuns[]",
            "ended alsoRuns[]",
            "started leaks[]",
            "ended leaks[]",
            "started leaks[]",
            "failed leaks[]")
        .inOrder();
  }

  private static TestNG testng(Class<?>... classes) {
    XmlSuite suite = new XmlSuite();
    suite.setName("nested");
    suite.getParameters().put("leak.maxWait", "0s");
    XmlTest test = new XmlTest(suite);
    test.setName("nested");
    test.setXmlClasses(Stream.of(classes).map(XmlClass::new).toList());
    TestNG testng = new TestNG(/* useDefaultListeners= */ false);
    testng.setVerbose(0);
    testng.setXmlSuites(ImmutableList.of(suite));
    suite.addListener(LeakVerifierListener.class.getName());
    return testng;
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /**
   * Keeps the rules of Gradle's listener: what starts has a parent that is still open, and a method
   * stays a child of its class until the {@code <test>} is over.
   */
  private static final class LikeGradle
      implements ISuiteListener, ITestListener, IConfigurationListener, IClassListener {
    final Set<Object> open = new HashSet<>();
    final List<String> failures = new ArrayList<>();
    private final Map<ITestNGMethod, Object> parents = new HashMap<>();

    private void start(Object event, @Nullable Object parent) {
      if (parent == null || !open.contains(parent)) {
        throw new AssertionError(event + " has no open parent");
      }
      open.add(event);
    }

    @Override
    public void onStart(ISuite suite) {
      open.add(suite);
    }

    @Override
    public void onFinish(ISuite suite) {
      open.remove(suite);
    }

    @Override
    public void onStart(ITestContext context) {
      start(context, context.getSuite());
    }

    @Override
    public void onFinish(ITestContext context) {
      open.remove(context);
      parents.clear();
    }

    @Override
    public void onBeforeClass(ITestClass testClass) {
      if (open.add(testClass)) {
        Stream.of(testClass.getTestMethods()).forEach(method -> parents.put(method, testClass));
      }
    }

    @Override
    public void onAfterClass(ITestClass testClass) {
      open.remove(testClass);
    }

    @Override
    public void onTestStart(ITestResult result) {
      start(result, parents.get(result.getMethod()));
    }

    @Override
    public void onTestSuccess(ITestResult result) {
      assertThat(open.remove(result)).isTrue();
    }

    @Override
    public void onTestFailure(ITestResult result) {
      assertThat(open.remove(result)).isTrue();
      fail(result);
    }

    /** Has its class as the parent if that is open, and the whole run if not. */
    @Override
    public void onConfigurationFailure(ITestResult result) {
      fail(result);
    }

    private void fail(ITestResult result) {
      failures.add(result.getName() + ": " + result.getThrowable().getMessage());
    }
  }

  /** Prints as an IDE's listener does: each event as it comes. */
  private static final class LikeIde implements ITestListener {
    final List<String> lines = new ArrayList<>();

    @Override
    public void onTestStart(ITestResult result) {
      lines.add("started " + name(result));
    }

    @Override
    public void onTestSuccess(ITestResult result) {
      lines.add("ended " + name(result));
    }

    @Override
    public void onTestFailure(ITestResult result) {
      lines.add("failed " + name(result));
    }

    private static String name(ITestResult result) {
      return result.getName() + List.of(result.getParameters());
    }
  }
}
