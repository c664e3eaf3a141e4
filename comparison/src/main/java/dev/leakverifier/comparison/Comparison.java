package dev.leakverifier.comparison;

import static java.util.Objects.requireNonNull;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the same programs under each check, and prints what it says of them as tables in Markdown.
 *
 * <pre>{@code
 * mvn -q -Pcomparison verify
 * }</pre>
 *
 * <p>Each check has a JVM of its own: what a JVM starts only once, such as the threads of its
 * common pool, must be new to all of them.
 */
@SuppressWarnings("SystemOut") // what it is for
final class Comparison {
  private static final Map<String, Runs> CHECKS =
      ImmutableMap.<String, Runs>builder()
          .put(
              "LeakVerifier",
              new JupiterRuns(
                  JupiterSamples.Verified.class,
                  JupiterSamples.VerifiedInParallel.class,
                  JupiterSamples.VerifiedShared.class))
          .put(
              "`@DetectThreadLeaks`",
              new JupiterRuns(
                  JupiterSamples.Detected.class,
                  JupiterSamples.DetectedInParallel.class,
                  JupiterSamples.DetectedShared.class))
          .put(
              "the same, scope `TEST`, 1 s",
              new JupiterRuns(
                  JupiterSamples.Lingering.class,
                  JupiterSamples.LingeringInParallel.class,
                  JupiterSamples.LingeringShared.class))
          .put(
              "by hand, one look",
              new JupiterRuns(
                  JupiterSamples.Once.class,
                  JupiterSamples.OnceInParallel.class,
                  JupiterSamples.OnceShared.class))
          .put(
              "by hand, 1 s",
              new JupiterRuns(
                  JupiterSamples.Waiting.class,
                  JupiterSamples.WaitingInParallel.class,
                  JupiterSamples.WaitingShared.class))
          .put(
              "LeakVerifier `@Rule`",
              new JUnit4Runs(JUnit4Samples.WithRule.class, JUnit4Samples.WithRuleShared.class))
          .put(
              "LeakVerifier `@ClassRule`",
              new JUnit4Runs(
                  JUnit4Samples.WithClassRule.class, JUnit4Samples.WithClassRuleShared.class))
          .put(
              "`RandomizedRunner`",
              new JUnit4Runs(JUnit4Samples.Randomized.class, JUnit4Samples.RandomizedShared.class))
          .put(
              "the same, scope `TEST`, lingering 1 s",
              new JUnit4Runs(JUnit4Samples.Lingering.class, JUnit4Samples.LingeringShared.class))
          .buildOrThrow();

  private Comparison() {}

  /** Without arguments all; with the name of a check only this, a program a line. */
  public static void main(String[] arguments) {
    try {
      if (arguments.length == 0) {
        compare("Jupiter", JupiterRuns.class);
        compare("JUnit 4", JUnit4Runs.class);
        Costs.print();
      } else {
        requireNonNull(CHECKS.get(arguments[0]), arguments[0])
            .verdicts()
            .forEach((program, verdict) -> System.out.println("\t" + program + "\t" + verdict));
      }
      System.exit(0); // whatever the programs have left
    } catch (IOException | RuntimeException | Error e) {
      e.printStackTrace();
      System.exit(1);
    }
  }

  private static void compare(String title, Class<? extends Runs> kind) throws IOException {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    List<String> checks = new ArrayList<>();
    for (Map.Entry<String, Runs> check : CHECKS.entrySet()) {
      if (kind.isInstance(check.getValue())) {
        checks.add(check.getKey());
        inJvmOfItsOwn(check.getKey())
            .forEach(
                (program, verdict) ->
                    rows.computeIfAbsent(program, name -> new ArrayList<>()).add(verdict));
      }
    }
    print(title, checks, rows);
  }

  private static Map<String, String> inJvmOfItsOwn(String check) throws IOException {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                Comparison.class.getName(),
                check)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Map<String, String> verdicts = new LinkedHashMap<>();
    new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith("\t")) // others print, too
        .map(line -> Splitter.on('\t').splitToList(line))
        .forEach(parts -> verdicts.put(parts.get(1), parts.get(2)));
    if (verdicts.isEmpty()) {
      throw new IllegalStateException(check + " has no verdicts");
    }
    return verdicts;
  }

  static void print(String title, Collection<String> columns, Map<String, List<String>> rows) {
    System.out.println();
    line(title + ", JDK " + Runtime.version().feature(), columns);
    line("---", Collections.nCopies(columns.size(), "---"));
    rows.forEach(Comparison::line);
  }

  private static void line(String title, Collection<String> cells) {
    System.out.println("| " + title + " | " + Joiner.on(" | ").join(cells) + " |");
  }
}
