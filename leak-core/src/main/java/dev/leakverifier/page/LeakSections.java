package dev.leakverifier.page;

import static java.util.Comparator.comparingInt;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.leakverifier.diagnosis.Diagnosis;
import dev.leakverifier.diagnosis.IgnoreLine;
import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.opened.LeakEntry;
import dev.leakverifier.opened.Opening;
import dev.leakverifier.report.EntryText;
import dev.leakverifier.report.GroupText;
import dev.leakverifier.report.ReportText;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The leaks by test, each group in full, and by fingerprint, which refers to these. */
final class LeakSections {
  /** So many groups are open at first. */
  private static final int MAX_OPEN = 12;

  private static final int MAX_NAMES = 100;
  private static final int MAX_FRAMES = 60;

  private final Html page;
  private final Map<LeakGroup.Key, Sort> sorts = new LinkedHashMap<>();
  private int cards;
  private int tests;

  LeakSections(Html page) {
    this.page = page;
  }

  /** One sort of leak, wherever it is. */
  private static final class Sort {
    /** Of each test that has such a leak, the first. */
    final Map<String, String> anchors = new LinkedHashMap<>();

    int threads;
  }

  void append(RunReport run) {
    if (run.leaks().isEmpty()) {
      return;
    }
    int groups = run.leaks().stream().mapToInt(leak -> leak.groups().size()).sum();
    page.open("section id='tests' aria-labelledby='tests-title'").line();
    page.element("h2 id='tests-title'", "Leaks by test").line();
    run.leaks().stream()
        .collect(groupingBy(RunReport.Leak::title, LinkedHashMap::new, toList()))
        .forEach(
            (test, leaks) -> {
              page.open("article class='card' id='%s'", "test-" + ++tests);
              page.element("h3", test).line();
              leaks.forEach(leak -> appendLeak(test, leak, groups <= MAX_OPEN));
              page.close("article").line();
            });
    if (run.leaksNotKept() > 0) {
      page.element(
          "p class='note'",
          "%d more reports are not kept here; see the test results.".formatted(run.leaksNotKept()));
    }
    page.close("section").line();
    appendSorts();
  }

  private void appendLeak(String test, RunReport.Leak leak, boolean isOpen) {
    page.element(
            "p class='note'",
            GroupText.count(leak.findings().leaked().size(), "thread")
                + ", "
                + ReportText.patience(leak.findings()))
        .line();
    LeakEntry.of(leak.groups()).stream()
        .sorted(comparingInt((LeakEntry entry) -> entry.threads().size()).reversed())
        .forEach(entry -> appendEntry(test, entry, isOpen));
    ReportText.notes(leak.findings()).forEach(note -> page.element("p class='note'", note).line());
  }

  private void appendEntry(String test, LeakEntry entry, boolean isOpen) {
    if (entry.opened().isEmpty()) {
      appendGroup(test, entry.groups().get(0), isOpen);
      return;
    }
    Opening opened = entry.opened().get();
    page.open("details class='group'" + (isOpen ? " open=''" : ""));
    page.open("summary").element("b", EntryText.title(entry, opened)).close("summary");
    page.open("dl").line();
    page.element("dt", "fix").open("dd").element("strong", entry.fix()).close("dd").line();
    define(EntryText.word(opened), List.of("by " + opened.place()));
    page.element("dt", "threads").open("dd");
    entry.groups().forEach(group -> appendGroup(test, group, /* isOpen= */ false));
    page.close("dd").line();
    entry.ignore().forEach(this::appendIgnore);
    page.close("dl").close("details").line();
  }

  private void appendGroup(String test, LeakGroup group, boolean isOpen) {
    String anchor = "leak-" + ++cards;
    Diagnosis diagnosis = group.diagnosis();
    Sort sort = sorts.computeIfAbsent(group.key(), key -> new Sort());
    sort.threads += group.threads().size();
    sort.anchors.putIfAbsent(test, anchor);

    page.open("details class='group' id='%s'" + (isOpen ? " open=''" : ""), anchor);
    page.open("summary");
    page.element("b", GroupText.times(group.threads().size()) + diagnosis.kind().label());
    page.text(" ").element("span class='name'", GroupText.names(group.threads(), 3));
    page.text(" ").element("span class='count'", GroupText.states(group.threads()));
    page.close("summary").open("dl").line();
    define("why", Stream.concat(Stream.of(diagnosis.why()), diagnosis.details().stream()).toList());
    page.element("dt", "fix").open("dd").element("strong", diagnosis.fix()).close("dd").line();
    define("opened", EntryText.opened(group.threads()));
    define("held", GroupText.holders(group.threads()));
    define("started", GroupText.starters(group.threads()));
    define("owner", GroupText.owners(group.threads()));
    if (group.threads().size() > 1) {
      define("threads", List.of(GroupText.names(group.threads(), MAX_NAMES)));
    }
    appendStack(group.threads().get(0));
    group.ignore().ifPresent(this::appendIgnore);
    define("fingerprint", List.of(group.fingerprint().toString()));
    page.close("dl").close("details").line();
  }

  private void define(String term, List<String> lines) {
    if (!lines.isEmpty()) {
      page.element("dt", term).open("dd");
      lines.forEach(line -> page.element("p", line));
      page.close("dd").line();
    }
  }

  private void appendStack(ThreadSample thread) {
    page.element("dt", "stack").open("dd");
    if (thread.frames().isEmpty()) {
      page.text("none");
    } else {
      page.open("ol class='stack'");
      boolean marked = false;
      for (StackTraceElement frame :
          thread.frames().subList(0, Math.min(MAX_FRAMES, thread.frames().size()))) {
        boolean mark = !marked && !StackFrames.isJdk(frame);
        marked |= mark;
        page.element(
            "li class='%s'",
            (mark ? "-> " : "") + StackFrames.text(frame),
            mark ? "first" : StackFrames.isJdk(frame) ? "jdk" : "own");
      }
      page.close("ol");
      if (thread.frames().size() > MAX_FRAMES) {
        page.text("... " + GroupText.count(thread.frames().size() - MAX_FRAMES, "more frame"));
      }
    }
    page.close("dd").line();
  }

  private void appendIgnore(IgnoreLine line) {
    page.element("dt", "ignore").open("dd");
    for (IgnoreLine.Place place : IgnoreLine.Place.values()) {
      page.open("p").element("code", line.in(place)).close("p");
    }
    page.close("dd").line();
  }

  private void appendSorts() {
    page.open("section id='fingerprints' aria-labelledby='fingerprints-title'").line();
    page.element("h2 id='fingerprints-title'", "Leaks by fingerprint");
    page.element("p class='note'", "Equal leaks have the same fingerprint in every run.");
    page.open("div class='scroll' tabindex='0' role='region' aria-labelledby='fingerprints-title'");
    page.open("table").open("thead").open("tr");
    for (String column : new String[] {"Fingerprint", "Kind", "Threads", "Fix", "Left by"}) {
      page.element("th scope='col'", column);
    }
    page.close("tr").close("thead").open("tbody").line();
    List<Map.Entry<LeakGroup.Key, Sort>> most = new ArrayList<>(sorts.entrySet());
    most.sort((a, b) -> Integer.compare(b.getValue().threads, a.getValue().threads));
    most.forEach(entry -> appendSort(entry.getKey(), entry.getValue()));
    page.close("tbody").close("table").close("div").close("section").line();
  }

  private void appendSort(LeakGroup.Key key, Sort sort) {
    page.open("tr");
    page.open("th scope='row'").element("code", key.fingerprint().toString()).close("th");
    page.element("td", key.kind().label());
    page.element("td class='number'", String.valueOf(sort.threads));
    page.element("td", key.fix()).open("td");
    sort.anchors.forEach(
        (test, anchor) -> page.open("p").element("a href='#%s'", test, anchor).close("p"));
    page.close("td").close("tr").line();
  }
}
