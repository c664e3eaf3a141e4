package dev.leakverifier.page;

import static java.util.Comparator.comparingInt;

import dev.leakverifier.diagnosis.Fingerprint;
import dev.leakverifier.opened.LeakEntry;
import dev.leakverifier.opened.Opening;
import dev.leakverifier.report.GroupText;
import dev.leakverifier.text.Names;
import dev.leakverifier.thread.OwnCall;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was left open in the whole run, a row for each cause, the one with most threads first. */
final class CauseSection {
  /** So many tests of a cause are named. */
  private static final int MAX_TESTS = 3;

  private final Html page;

  CauseSection(Html page) {
    this.page = page;
  }

  /**
   * What several leaks have in common, whichever tests they are of.
   *
   * @param title what was opened, or what the threads are
   * @param place where; empty if that is not known
   */
  private record Cause(String title, String place, String fix) {
    static Cause of(LeakEntry entry, ThreadSample thread) {
      String title =
          entry
              .opened()
              .map(Opening::what)
              .orElseGet(
                  () ->
                      entry.groups().get(0).diagnosis().kind().label()
                          + " "
                          + Names.quoted(Fingerprint.foldedName(thread.name())));
      Optional<StackTraceElement> line =
          entry
              .opened()
              .map(Opening::line)
              .or(() -> thread.origin().flatMap(OwnCall::of).map(OwnCall::line));
      return new Cause(
          title, line.map(StackFrames::text).map("opened by "::concat).orElse(""), entry.fix());
    }
  }

  /** How often a cause occurs. */
  private static final class Count {
    /** By test, where it is on the page. */
    final Map<String, String> anchors = new LinkedHashMap<>();

    int threads;
  }

  void append(RunReport run) {
    if (run.leaks().isEmpty()) {
      return;
    }
    page.open("section id='causes' aria-labelledby='causes-title'").line();
    page.element("h2 id='causes-title'", "Leaks by cause").line();
    page.open("div class='scroll' tabindex='0' role='region' aria-labelledby='causes-title'");
    page.open("table").open("thead").open("tr");
    for (String column : new String[] {"Threads", "What", "Fix", "Left by"}) {
      page.element("th scope='col'", column);
    }
    page.close("tr").close("thead").open("tbody").line();
    List<Map.Entry<Cause, Count>> causes = new ArrayList<>(count(run).entrySet());
    causes.sort(comparingInt((Map.Entry<Cause, Count> each) -> each.getValue().threads).reversed());
    causes.forEach(each -> append(each.getKey(), each.getValue()));
    page.close("tbody").close("table").close("div").close("section").line();
  }

  private static Map<Cause, Count> count(RunReport run) {
    Map<String, String> anchors = new LinkedHashMap<>();
    Map<Cause, Count> causes = new LinkedHashMap<>();
    for (RunReport.Leak leak : run.leaks()) {
      String anchor =
          anchors.computeIfAbsent(leak.title(), unseen -> "test-" + (anchors.size() + 1));
      for (LeakEntry entry : LeakEntry.of(leak.groups())) {
        for (ThreadSample thread : entry.threads()) {
          Count count = causes.computeIfAbsent(Cause.of(entry, thread), unseen -> new Count());
          count.threads++;
          count.anchors.put(leak.title(), anchor);
        }
      }
    }
    return causes;
  }

  private void append(Cause cause, Count count) {
    page.open("tr");
    page.element("td class='number'", String.valueOf(count.threads));
    page.open("th scope='row'").element("p", cause.title());
    if (!cause.place().isEmpty()) {
      page.element("p class='note'", cause.place());
    }
    page.close("th");
    page.element("td", cause.fix()).open("td");
    count.anchors.entrySet().stream()
        .limit(MAX_TESTS)
        .forEach(
            test ->
                page.open("p").element("a href='#%s'", test.getKey(), test.getValue()).close("p"));
    if (count.anchors.size() > MAX_TESTS) {
      page.element("p", "and " + GroupText.count(count.anchors.size() - MAX_TESTS, "more test"));
    }
    page.close("td").close("tr").line();
  }
}
