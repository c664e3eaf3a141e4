package dev.leakverifier.page;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.leakverifier.report.GroupText;
import dev.leakverifier.text.Names;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The timeline: a row for each test that threads are attributed to, in the order of time, which
 * opens to a row for each of its threads.
 */
final class TimelineSection {
  /** So many rows with leaks are open at first. */
  private static final int MAX_OPEN = 12;

  /** If there are more rows than that, those without leaks are hidden at first. */
  private static final int MAX_ROWS = 40;

  /** So many threads a closed row shows, leaks first. */
  private static final int MAX_LANES = 10;

  private static final int LANE = 6;
  private static final int BAR = 4;
  private static final int THREAD_HEIGHT = 14;
  private static final String NO_TEST = "outside tests";

  private final Html page;
  private final TimeAxis axis;

  TimelineSection(Html page, TimeAxis axis) {
    this.page = page;
    this.axis = axis;
  }

  void append(RunReport run) {
    page.open("section id='timeline' aria-labelledby='timeline-title'").line();
    page.element("h2 id='timeline-title'", "Timeline");
    appendLegend(run);
    page.constant(
        "<svg class=\"defs\" aria-hidden=\"true\"><defs>"
            + "<pattern id=\"stripes\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\""
            + " patternTransform=\"rotate(45)\"><rect class=\"stripe-a\" width=\"6\" height=\"6\"/>"
            + "<rect class=\"stripe-b\" width=\"2\" height=\"6\"/></pattern>"
            + "<path id=\"mark\" d=\"M-5 0L0-5L5 0L0 5Z\"/></defs></svg>");
    page.line();
    if (run.threads().isEmpty()) {
      page.element("p", "No test or fixture ended with a new thread alive.");
    } else {
      appendRows(run.threads());
    }
    if (run.threadsNotKept() > 0) {
      page.element(
          "p class='note'",
          GroupText.count(run.threadsNotKept(), "thread")
              + " more, the oldest ones, are not kept.");
    }
    page.close("section").line();
  }

  private void appendLegend(RunReport run) {
    page.open("p class='note'");
    page.text(
        "Threads are listed at the end of each test and fixture. What starts and ends within one"
            + " is not shown. ");
    page.open("span class='legend'");
    key("live", "alive");
    key("leaked", "leaked");
    key("maybe", "started or ended within this time");
    page.close("span");
    page.close("p").line();
    if (run.threads().stream().anyMatch(ThreadLife::leaked)) {
      long rows = run.threads().stream().map(ThreadLife::test).distinct().count();
      page.open("input type='checkbox' id='only'" + (rows > MAX_ROWS ? " checked=''" : ""));
      page.element("label for='only'", "only tests that leaked");
    }
  }

  private void key(String type, String meaning) {
    page.open("span class='key'");
    page.open("svg width='30' height='14' aria-hidden='true'");
    rect(type, 0, 100, 5, BAR);
    if (type.equals("leaked")) {
      mark(50, 7);
    }
    page.close("svg").text(" " + meaning).close("span");
  }

  private void appendRows(List<ThreadLife> threads) {
    Map<String, List<ThreadLife>> byTest =
        threads.stream()
            .collect(
                groupingBy(thread -> thread.test().orElse(NO_TEST), LinkedHashMap::new, toList()));
    long leaking = byTest.values().stream().filter(TimelineSection::hasLeak).count();
    page.open("div class='axis row-grid' aria-hidden='true'");
    page.element("span", "");
    page.open("svg class='track' height='18'");
    for (long tick = 0; tick <= axis.lengthMillis(); tick += axis.tickMillis()) {
      double percent = axis.percent(tick);
      page.element(
          "text x='%s%%' y='12' text-anchor='%s'",
          axis.label(tick), percent, percent < 2 ? "start" : percent > 97 ? "end" : "middle");
    }
    page.close("svg").close("div").line();
    byTest.forEach((test, lives) -> appendTest(test, lives, leaking <= MAX_OPEN && hasLeak(lives)));
  }

  private void appendTest(String test, Collection<ThreadLife> lives, boolean isOpen) {
    List<ThreadLife> leaksFirst = lives.stream().sorted(comparing(life -> !life.leaked())).toList();
    String count = count(lives);
    page.open(
        "details class='%s'" + (isOpen ? " open=''" : ""), hasLeak(lives) ? "row leaks" : "row");
    page.open("summary class='row-grid'");
    page.open("span class='label'");
    page.element("b", test).text(" ").element("span class='count'", count);
    page.close("span");
    int lanes = Math.min(MAX_LANES, leaksFirst.size());
    page.open(
        "svg class='track' height='%s' role='img' aria-label='%s'",
        Math.max(THREAD_HEIGHT, lanes * LANE + 4), count);
    int y = lanes == 1 ? (THREAD_HEIGHT - BAR) / 2 : 3;
    for (ThreadLife life : leaksFirst.subList(0, lanes)) {
      bars(life, y);
      y += LANE;
    }
    page.close("svg").close("summary").line();
    leaksFirst.forEach(this::appendThread);
    page.close("details").line();
  }

  private void appendThread(ThreadLife life) {
    page.open("div class='row-grid thread%s'", life.leaked() ? " leaked" : "");
    page.open("span class='label'");
    page.element("span class='name'", name(life));
    if (life.leaked()) {
      page.text(" ").element("span class='badge'", "leaked");
    }
    page.element("span class='when'", times(life));
    page.close("span");
    page.open("svg class='track' height='%s' aria-hidden='true'", THREAD_HEIGHT);
    bars(life, (THREAD_HEIGHT - BAR) / 2);
    if (life.leaked()) {
      mark(axis.percent(life.firstSeen()), THREAD_HEIGHT / 2);
    }
    page.close("svg").close("div").line();
  }

  private void bars(ThreadLife life, int y) {
    double from = axis.percent(life.notBefore());
    double seen = axis.percent(life.firstSeen());
    double last = life.ended().map(end -> axis.percent(end.lastSeen())).orElse(100.0);
    double gone = life.ended().map(end -> axis.percent(end.gone())).orElse(100.0);
    rect("maybe", from, Math.max(seen, from + 0.2), y, BAR);
    rect(life.leaked() ? "leaked" : "live", seen, Math.max(last, seen + 0.3), y, BAR);
    if (gone > last) {
      rect("maybe", Math.max(last, seen + 0.3), gone, y, BAR);
    }
  }

  private void rect(String type, double from, double to, int y, int height) {
    if (to <= from) {
      return;
    }
    page.open(
        "rect class='%s' x='%s%%' y='%s' width='%s%%' height='%s' rx='1'",
        type, from, y, Math.round((to - from) * 1_000) / 1_000.0, height);
    page.close("rect");
  }

  private void mark(double percent, int y) {
    page.open("use href='#mark' class='mark' x='%s%%' y='%s'", percent, y).close("use");
  }

  private static boolean hasLeak(Collection<ThreadLife> lives) {
    return lives.stream().anyMatch(ThreadLife::leaked);
  }

  private static String count(Collection<ThreadLife> lives) {
    long leaked = lives.stream().filter(ThreadLife::leaked).count();
    long ended = lives.stream().filter(life -> !life.leaked() && life.ended().isPresent()).count();
    long alive = lives.size() - leaked - ended;
    StringBuilder text = new StringBuilder();
    append(text, leaked, "leaked");
    append(text, ended, "ended");
    append(text, alive, "alive at the end");
    return text.toString();
  }

  private static void append(StringBuilder text, long count, String what) {
    if (count > 0) {
      text.append(text.length() == 0 ? "" : ", ").append(count).append(" ").append(what);
    }
  }

  private static String name(ThreadLife life) {
    String name = life.name().isEmpty() ? Names.NO_NAME : life.name();
    return life.virtual() ? name + " (virtual)" : name;
  }

  private String times(ThreadLife life) {
    return "started "
        + axis.span(life.notBefore(), life.firstSeen())
        + life.ended()
            .map(end -> ", ended " + axis.span(end.lastSeen(), end.gone()))
            .orElse(", alive at the end");
  }
}
