package dev.leakverifier.comparison;

import com.google.common.base.Joiner;
import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The programs under one check, run by the runner that it is made for. */
abstract class Runs {
  /** What leaks, and what the names of its threads contain. */
  private static final Map<String, String> LEAKS =
      ImmutableMap.of(
          "forgetsAPool", "pool-",
          "forgetsATimer", "reminders",
          "forgetsADaemon", "poller",
          "forgetsABusyLoop", "spinner",
          "forgetsAForkJoinPool", "ForkJoinPool-",
          "forgetsAVirtualThread", "mailer");

  private static final List<String> CLEAN =
      List.of(
          "shutsDownButDoesNotWait",
          "usesTheCommonPool",
          "runsAProcess",
          "usesReactor",
          "usesVirtualThreads",
          "dropsAnHttpClient",
          "sharesAPool");

  /** What fails, by the names of test methods or as "the class", and the messages of that. */
  abstract Map<String, String> failed(String program);

  /** What the check says of each program. */
  Map<String, String> verdicts() {
    Map<String, String> verdicts = new LinkedHashMap<>();
    CLEAN.forEach(program -> verdicts.put(program, ofClean(program)));
    long start = System.nanoTime();
    LEAKS.forEach((program, thread) -> verdicts.put(program, ofLeak(program, thread)));
    double seconds = (System.nanoTime() - start) / 1e9;
    verdicts.put("seconds for these leaks", String.format(Locale.ROOT, "%.1f", seconds));
    return verdicts;
  }

  private String ofClean(String program) {
    Map<String, String> failed = failed(program);
    Left.end();
    return failed.isEmpty() ? "silent" : "**accused**" + others(program, failed);
  }

  final String ofLeak(String program, String thread) {
    Map<String, String> failed = failed(program);
    Left.end();
    if (failed.isEmpty()) {
      return "**missed**";
    }
    return failed.values().stream().anyMatch(message -> message.contains(thread))
        ? "found" + others(program, failed)
        : "**missed**; accuses other threads";
  }

  private static String others(String program, Map<String, String> failed) {
    List<String> others = failed.keySet().stream().filter(name -> !name.equals(program)).toList();
    return others.isEmpty()
        ? ""
        : (others.size() < failed.size() ? "; also fails: " : "; fails: ")
            + Joiner.on(", ").join(others);
  }

  /** An error that is none of a check's must not be counted as a leak that it found. */
  static void refuseOtherErrors(String test, Throwable error) {
    boolean ofACheck =
        error instanceof AssertionError
            || error.getClass().getSimpleName().equals("ThreadLeakError"); // which is not public
    if (!ofACheck) {
      throw new IllegalStateException(test + " failed: " + Throwables.getStackTraceAsString(error));
    }
  }
}
