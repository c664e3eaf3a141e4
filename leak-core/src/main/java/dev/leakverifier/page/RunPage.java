package dev.leakverifier.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import dev.leakverifier.host.Sha256;
import dev.leakverifier.report.GroupText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;

/**
 * The report of a run as one page that needs nothing else: no network, no other file. All of it is
 * in the markup; the script only filters, and only this very script and style may take effect.
 */
public final class RunPage {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private static final String SCRIPT = resource("run-page.js");
  private static final String STYLE = resource("run-page.css");

  private RunPage() {}

  /** The page for {@code run}. */
  public static String of(RunReport run) {
    TimeAxis axis = TimeAxis.of(run.length());
    String style = STYLE + axis.style();
    Html page = new Html();
    page.constant("<!DOCTYPE html>\n").open("html lang='en'").line();
    page.open("head").line();
    page.open("meta charset='utf-8'").line();
    page.open("meta http-equiv='Content-Security-Policy' content='%s'", policy(style)).line();
    page.open("meta name='viewport' content='width=device-width, initial-scale=1'").line();
    page.open("meta name='color-scheme' content='light dark'").line();
    page.element("title", headline(run) + " - LeakVerifier").line();
    page.open("style").constant(style).close("style").line();
    page.close("head").line();
    page.open("body").line();
    appendHeader(page, run, axis);
    page.open("main").line();
    new CauseSection(page).append(run);
    new TimelineSection(page, axis).append(run);
    new LeakSections(page).append(run);
    page.close("main").line();
    page.open("script").constant(SCRIPT).close("script").line();
    page.close("body").close("html").line();
    return page.toString();
  }

  private static void appendHeader(Html page, RunReport run, TimeAxis axis) {
    page.open("header");
    page.element("p class='brand'", "LeakVerifier");
    page.element("h1", headline(run));
    page.element(
        "p class='facts'",
        "%s, watched for %s, Java %s"
            .formatted(TIME.format(run.start()), axis.text(run.length()), javaVersion()));
    page.open("nav aria-label='Parts of this page'");
    if (!run.leaks().isEmpty()) {
      page.element("a href='#causes'", "Leaks by cause");
    }
    page.element("a href='#timeline'", "Timeline");
    if (!run.leaks().isEmpty()) {
      page.element("a href='#tests'", "Leaks by test");
      page.element("a href='#fingerprints'", "Leaks by fingerprint");
    }
    page.close("nav");
    page.open("p id='filter' hidden=''");
    page.open("label").text("Show only what contains ");
    page.open("input type='search' autocomplete='off' spellcheck='false'");
    page.close("label").element("output", "").close("p");
    page.close("header").line();
  }

  private static String headline(RunReport run) {
    long tests = run.leaks().stream().map(RunReport.Leak::title).distinct().count();
    return run.leaks().isEmpty()
        ? "No thread leaked"
        : "%s leaked by %s"
            .formatted(GroupText.count(run.leaked(), "thread"), GroupText.count(tests, "test"));
  }

  private static String javaVersion() {
    return Runtime.version().version().stream().map(String::valueOf).collect(joining("."));
  }

  private static String policy(String style) {
    return "default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'"
        .formatted(hash(style), hash(SCRIPT));
  }

  private static String hash(String text) {
    return "sha256-" + Base64.getEncoder().encodeToString(Sha256.of(text));
  }

  private static String resource(String name) {
    try (InputStream in = RunPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing in the jar of leak-core");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
