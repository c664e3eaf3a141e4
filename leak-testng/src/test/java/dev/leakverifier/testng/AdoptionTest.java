package dev.leakverifier.testng;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import dev.leakverifier.LeakOption;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.testing.Leaks;
import dev.leakverifier.testing.LogCapture;
import dev.leakverifier.testng.FeatureSamples.KnownAfterClass;
import dev.leakverifier.testng.ListenerSamples.AlsoLeaks;
import dev.leakverifier.testng.ListenerSamples.FailsByItself;
import dev.leakverifier.testng.ListenerSamples.Innocent;
import dev.leakverifier.testng.ListenerSamples.OneOfThreeLeaks;
import dev.leakverifier.testng.ListenerSamples.SkipsItself;
import dev.leakverifier.testng.NestedRun.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;
import org.testng.xml.XmlSuite;

/** How a code base with old leaks takes up the check: it only warns, or accepts what there is. */
public class AdoptionTest {
  private static final String LEFT_BY_B =
      "1 thread leaked by ListenerSamples.OneOfThreeLeaks.b (looked once, without waiting)";

  private Path folder = Path.of("");
  private Path file = Path.of("");

  @BeforeMethod
  public void makeFolder() throws IOException {
    folder = Files.createTempDirectory("adoption");
    file = folder.resolve("leaks.txt");
  }

  @AfterMethod
  public void cleanUp() throws IOException {
    Leaks.endAll();
    MoreFiles.deleteRecursively(folder);
  }

  @Test
  public void warnsAtEveryScopeAndFailsNothing() {
    for (String scope : List.of("auto", "method", "class", "test", "suite")) {
      try (LogCapture log = LogCapture.start()) {
        Outcome outcome =
            NestedRun.of(OneOfThreeLeaks.class, KnownAfterClass.class)
                .parameter("leak.scope", scope)
                .parameter("leak.action", "warn")
                .run();

        assertThat(outcome.failed()).isEmpty();
        assertThat(outcome.exitCode()).isEqualTo(0);
        assertThat(warnings(log)).contains(LEFT_BY_B);
        assertThat(warnings(log)).hasSize(2); // each leak once
      }
      Leaks.endAll();
    }
  }

  @Test
  public void leavesOtherFailuresAndSkipsAsTheyAreWhereItWarns() {
    Outcome outcome =
        NestedRun.of(FailsByItself.class, SkipsItself.class).parameter("leak.action", "warn").run();

    assertThat(outcome.failed()).containsExactly("failing");
    assertThat(outcome.error("failing").getSuppressed()).isEmpty();
    assertThat(outcome.skipped()).containsExactly("skipping");
  }

  @Test
  public void warnsInOneTestTagOnly() {
    Outcome outcome =
        NestedRun.ofSuite()
            .test("old", OneOfThreeLeaks.class)
            .test("new", AlsoLeaks.class)
            .xml(suite -> suite.getTests().get(0).addParameter("leak.action", "warn"))
            .run();

    assertThat(outcome.failed()).hasSize(1);
    assertThat(outcome.headlines().get(0)).startsWith("1 thread leaked by ListenerSamples.AlsoL");
  }

  @Test
  public void takesTheSettingBeforeTheOptionInCode() {
    LeakVerifierListener warning =
        new LeakVerifierListener() {
          @Override
          protected List<LeakOption> options() {
            return List.of(LeakVerifier.warnOnly());
          }
        };
    assertThat(NestedRun.of(OneOfThreeLeaks.class).listener(warning).runAsIs().failed()).isEmpty();
    Leaks.endAll();

    Outcome outcome =
        NestedRun.of(OneOfThreeLeaks.class)
            .parameter("leak.action", "fail")
            .listener(warning)
            .runAsIs();
    assertThat(outcome.failed()).containsExactly("b");
  }

  @Test
  public void acceptsOldLeaksFailsForNewOnesAndNamesThoseThatAreGone() throws IOException {
    Outcome accepting = run("leak.acceptCurrent", "true", OneOfThreeLeaks.class);
    assertThat(accepting.failed()).isEmpty();
    assertThat(accepting.exitCode()).isEqualTo(0);
    List<String> lines = Files.readAllLines(file);
    String line = lines.get(lines.size() - 1);
    assertThat(line).contains("\"left-by-b\", started by ");
    assertThat(line).endsWith(", left by ListenerSamples.OneOfThreeLeaks.b");

    for (String origins : List.of("true", "false")) {
      Outcome again = run("leak.origins", origins, OneOfThreeLeaks.class);
      assertThat(again.failed()).isEmpty();
      assertThat(again.exitCode()).isEqualTo(0);
    }

    Outcome withNew = run("leak.scope", "suite", OneOfThreeLeaks.class, AlsoLeaks.class);
    assertThat(withNew.headlines()).hasSize(1);
    assertThat(withNew.headlines().get(0)).startsWith("1 thread leaked by ListenerSamples.AlsoL");
    assertThat(withNew.exitCode()).isEqualTo(1);

    file = Files.copy(file, folder.resolve("copy.txt")); // in this JVM those of the other occurred
    try (LogCapture log = LogCapture.start()) {
      assertThat(run("leak.acceptCurrent", "true", Innocent.class).failed()).isEmpty();
      assertThat(log.lines()).contains("  " + line);
      assertThat(Files.readAllLines(file)).isEqualTo(lines);
    }
  }

  @Test
  public void losesNoneOfTheLeaksThatParallelTestsWriteDown() throws IOException {
    NestedRun run =
        NestedRun.of(OneOfThreeLeaks.class, AlsoLeaks.class, KnownAfterClass.class)
            .parameter("leak.accepted", file.toString())
            .parameter("leak.acceptCurrent", "true")
            .xml(suite -> suite.setParallel(XmlSuite.ParallelMode.CLASSES));
    assertThat(run.run().failed()).isEmpty();

    assertThat(Files.readAllLines(file).stream().filter(line -> line.contains("left")).count())
        .isEqualTo(3);
  }

  private Outcome run(String key, String value, Class<?>... classes) {
    return NestedRun.of(classes)
        .parameter("leak.accepted", file.toString())
        .parameter(key, value)
        .run();
  }

  private static ImmutableList<String> warnings(LogCapture log) {
    return log.messages("WARN", "dev.leakverifier.settings.Policy");
  }
}
