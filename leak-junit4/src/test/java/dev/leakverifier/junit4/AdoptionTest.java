package dev.leakverifier.junit4;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.junit4.NestedRun.Outcome;
import dev.leakverifier.testing.Leaks;
import dev.leakverifier.testing.LogCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** How a code base with old leaks takes up the check: it only warns, or accepts what there is. */
public class AdoptionTest {
  private static final List<String> KEYS =
      ImmutableList.of("leak.maxWait", "leak.action", "leak.accepted", "leak.acceptCurrent");

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private Path file = Path.of("");

  @Before
  public void lookOnce() {
    System.setProperty("leak.maxWait", "0s");
    file = folder.getRoot().toPath().resolve("leaks.txt");
  }

  @After
  public void cleanUp() {
    Leaks.endAll();
    KEYS.forEach(System::clearProperty);
  }

  @Test
  public void warnsAndFailsNothingWithRules() {
    System.setProperty("leak.action", "warn");
    try (LogCapture log = LogCapture.start()) {
      Outcome outcome =
          NestedRun.run(RuleSamples.OneOfThreeLeaks.class, RuleSamples.LeftByClass.class);

      assertThat(outcome.result().wasSuccessful()).isTrue();
      assertThat(warnings(log))
          .containsExactly(
              "1 thread leaked by RuleSamples.OneOfThreeLeaks.b (looked once, without waiting)",
              "1 thread leaked by RuleSamples.LeftByClass (looked once, without waiting)");
    }
  }

  @Test
  public void warnsAndFailsNothingWithARunListener() {
    System.setProperty("leak.action", "warn");
    try (LogCapture log = LogCapture.start()) {
      assertThat(runWithListener(RuleSamples.Plain.class).result().wasSuccessful()).isTrue();
      assertThat(warnings(log))
          .containsExactly(
              "1 thread leaked by RuleSamples.Plain.leaks (looked once, without waiting)");
    }
  }

  @Test
  public void reportsOnceWhatBothTheRuleOfTheTestAndOfTheClassWarnOf() {
    System.setProperty("leak.action", "warn");
    try (LogCapture log = LogCapture.start()) {
      assertThat(NestedRun.run(RuleSamples.BothRules.class).result().wasSuccessful()).isTrue();
      assertThat(warnings(log)).hasSize(1);
    }
  }

  @Test
  public void warnsForOneClassOnlyAndTakesTheSettingFirst() {
    assertThat(NestedRun.run(Warning.class).result().wasSuccessful()).isTrue();
    Leaks.endAll();

    System.setProperty("leak.action", "fail");
    assertThat(NestedRun.run(Warning.class).errors().keySet()).containsExactly("leaks");
  }

  public static class Warning {
    @Rule
    public final LeakVerifierRule leaks =
        LeakVerifierRule.verifyNone(LeakVerifier.warnOnly(), LeakVerifier.maxWait(Duration.ZERO));

    @Test
    public void leaks() {
      Leaks.leave("left");
    }
  }

  @Test
  public void acceptsOldLeaksAndFailsForNewOnesWithRules() throws IOException {
    System.setProperty("leak.accepted", file.toString());
    System.setProperty("leak.acceptCurrent", "true");
    assertThat(NestedRun.run(RuleSamples.OneOfThreeLeaks.class).result().wasSuccessful()).isTrue();
    Leaks.endAll();
    assertThat(Files.readString(file)).contains("left by RuleSamples.OneOfThreeLeaks.b\n");

    System.clearProperty("leak.acceptCurrent");
    Outcome outcome =
        NestedRun.run(RuleSamples.OneOfThreeLeaks.class, RuleSamples.LeftByClass.class);
    assertThat(outcome.errors().keySet()).containsExactly("LeftByClass");
  }

  @Test
  public void acceptsOldLeaksFailsForNewOnesAndNamesThoseThatAreGoneWithARunListener()
      throws IOException {
    System.setProperty("leak.accepted", file.toString());
    System.setProperty("leak.acceptCurrent", "true");
    assertThat(runWithListener(RuleSamples.Plain.class).result().wasSuccessful()).isTrue();
    Leaks.endAll();
    List<String> lines = Files.readAllLines(file);

    System.clearProperty("leak.acceptCurrent");
    Outcome withNew = runWithListener(RuleSamples.Plain.class, ArticleSamples.Unchecked.class);
    assertThat(withNew.headline("Test mechanism"))
        .startsWith("1 thread leaked by ArticleSamples.Unchecked.testSomething (");
    assertThat(withNew.error("Test mechanism")).hasMessageThat().doesNotContain("Plain.leaks");
    Leaks.endAll();

    // In this JVM those of the file before have occurred.
    Path copy = Files.copy(file, file.resolveSibling("copy.txt"));
    System.setProperty("leak.accepted", copy.toString());
    try (LogCapture log = LogCapture.start()) {
      assertThat(runWithListener(RuleSamples.StoppedInAfter.class).result().wasSuccessful())
          .isTrue();
      assertThat(log.lines()).contains("  " + lines.get(lines.size() - 1));
    }
  }

  @Test
  public void stopsWhereTheFileIsMissing() {
    System.setProperty("leak.accepted", file.toString());
    String message =
        "leak.accepted = \"%s\" (system property): there is no file %s; a run with"
                .formatted(file, file)
            + " leak.acceptCurrent=true makes it";

    assertThat(runWithListener(RuleSamples.Plain.class).headline("Test mechanism"))
        .isEqualTo(message);
    assertThat(NestedRun.run(RuleSamples.OneOfThreeLeaks.class).headline("a")).isEqualTo(message);
  }

  private static Outcome runWithListener(Class<?>... classes) {
    return NestedRun.run(ImmutableList.of(new LeakVerifierRunListener()), classes);
  }

  private static ImmutableList<String> warnings(LogCapture log) {
    return log.messages("WARN", "dev.leakverifier.settings.Policy");
  }
}
