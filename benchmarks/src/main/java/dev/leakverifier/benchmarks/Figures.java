package dev.leakverifier.benchmarks;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableTable;
import com.google.common.collect.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs benchmarks as JMH's own main class does, and prints a table of each class: what was measured
 * in the columns, its parameters in the rows, and in the cells the median, with the range in which
 * nine of ten iterations lie.
 *
 * <pre>{@code
 * mvn -Pbenchmark verify -Dbenchmark=CleanCheckBenchmark
 * }</pre>
 */
public final class Figures {
  private Figures() {}

  public static void main(String[] args) throws RunnerException, CommandLineOptionException {
    Collection<RunResult> results = new Runner(new CommandLineOptions(args)).run();
    System.out.println(tables(results));
  }

  static String tables(Collection<RunResult> results) {
    Map<String, List<RunResult>> byClass = new TreeMap<>();
    for (RunResult result : results) {
      byClass.computeIfAbsent(className(result), name -> new ArrayList<>()).add(result);
    }
    return byClass.entrySet().stream()
        .map(each -> each.getKey() + ", " + environment() + "\n\n" + table(each.getValue()))
        .collect(joining("\n"));
  }

  private static String environment() {
    return "JDK %s, %d cores"
        .formatted(Runtime.version().feature(), Runtime.getRuntime().availableProcessors());
  }

  private static String table(List<RunResult> results) {
    ImmutableTable.Builder<String, String, String> cells = ImmutableTable.builder();
    for (RunResult result : results) {
      for (Result<?> shown : shown(result)) {
        cells.put(parameters(result), column(result, shown), cell(shown));
      }
    }
    Table<String, String, String> table = cells.buildOrThrow();
    StringBuilder text = new StringBuilder();
    text.append("| | ").append(String.join(" | ", table.columnKeySet())).append(" |\n");
    text.append("| --- |").append(" --- |".repeat(table.columnKeySet().size())).append("\n");
    table
        .rowMap()
        .forEach(
            (row, columns) ->
                text.append("| ")
                    .append(row)
                    .append(
                        table.columnKeySet().stream()
                            .map(column -> columns.getOrDefault(column, ""))
                            .collect(joining(" | ", " | ", " |\n"))));
    return text.toString();
  }

  private static String className(RunResult result) {
    String benchmark = result.getParams().getBenchmark();
    String type = benchmark.substring(0, benchmark.lastIndexOf('.'));
    return type.substring(type.lastIndexOf('.') + 1);
  }

  /** What a benchmark tells itself, as one that takes turns, or else its time. */
  private static List<Result<?>> shown(RunResult result) {
    List<Result<?>> told = new ArrayList<>();
    for (Result<?> secondary : result.getSecondaryResults().values()) {
      if (isMethod(secondary.getLabel())) {
        told.add(secondary);
      }
    }
    return told.isEmpty() ? List.of(result.getPrimaryResult()) : told;
  }

  /** Counters are called as their methods; what a profiler adds has dots in its name. */
  private static boolean isMethod(String label) {
    return label.chars().allMatch(Character::isJavaIdentifierPart);
  }

  private static String column(RunResult result, Result<?> shown) {
    String benchmark = result.getPrimaryResult().getLabel();
    boolean isTime = shown.getLabel().equals(benchmark);
    return benchmark + ", " + (isTime ? shown.getScoreUnit() : shown.getLabel());
  }

  private static String parameters(RunResult result) {
    BenchmarkParams params = result.getParams();
    return params.getParamsKeys().stream()
        .sorted(comparing(String::toString))
        .map(key -> key + " " + params.getParam(key))
        .collect(joining(", "));
  }

  private static String cell(Result<?> shown) {
    Statistics statistics = shown.getStatistics();
    return statistics.getN() < 2
        ? number(shown.getScore())
        : "%s (%s to %s)"
            .formatted(
                number(statistics.getPercentile(50)),
                number(statistics.getPercentile(5)),
                number(statistics.getPercentile(95)));
  }

  /** Three digits that count; more would be noise. */
  private static String number(double value) {
    if (value >= 100) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f", value);
  }
}
