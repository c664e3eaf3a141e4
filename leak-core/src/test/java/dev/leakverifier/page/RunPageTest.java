package dev.leakverifier.page;

import static com.google.common.truth.Truth.assertThat;
import static dev.leakverifier.testing.Golden.assertGoldenHtml;

import com.google.common.base.Splitter;
import dev.leakverifier.diagnosis.Diagnosis;
import java.time.Duration;
import java.util.List;
import org.testng.annotations.Test;

public class RunPageTest {
  private static final String EVERYDAY = RunPage.of(SampleRuns.everyday());

  /** All of it but the style and the script, which a browser has to try. */
  @Test
  public void showsARun() {
    assertGoldenHtml(
        getClass(),
        "everyday.html",
        EVERYDAY
            .replaceAll("(?s)(<style>).*?(</style>)", "$1$2")
            .replaceAll("(?s)(<script>).*?(</script>)", "$1$2")
            .replaceAll("sha256-[^&]*", "sha256-")
            .replaceAll("(?<java>watched for [^,]*, Java )[^<]*", "${java}17"));
  }

  @Test
  public void tellsWhatEachTestHasLeftAndHowToEndIt() {
    assertThat(EVERYDAY).contains("<h1>7 threads leaked by 4 tests</h1>");
    assertThat(EVERYDAY).contains("<h3>CheckoutTest.pays(EUR)</h3>");
    Diagnosis diagnosis = SampleRuns.everyday().leaks().get(0).groups().get(0).diagnosis();
    assertThat(EVERYDAY).contains("<b>2 x " + diagnosis.kind().label() + "</b>");
    assertThat(EVERYDAY).contains("<strong>" + diagnosis.fix() + "</strong>");
    assertThat(EVERYDAY)
        .contains(
            "by com.acme.Pool.submit(Pool.java:52), called from"
                + " com.acme.CheckoutTest.pays(CheckoutTest.java:31), in &quot;main&quot;");
    assertThat(EVERYDAY).contains("<li class=\"first\">-&gt; com.acme.Poller.poll(Poller.java:31)");
    assertThat(EVERYDAY)
        .contains("<code>LeakVerifier.ignoreTopFunction(&quot;com.acme.Poller.poll&quot;)</code>");
    assertThat(EVERYDAY)
        .contains("not counted: 3 threads that ignoreName(&quot;grpc-*&quot;) ignores");
  }

  @Test
  public void beginsWithTheCausesTheWorstFirst() {
    String page = RunPage.of(SampleRuns.fiveCauses());
    String causes = page.substring(page.indexOf("<tbody>"), page.indexOf("</tbody>"));
    List<String> rows = Splitter.on("</tr>").omitEmptyStrings().splitToList(causes.strip());

    assertThat(page).contains("<h1>600 threads leaked by 100 tests</h1>");
    assertThat(rows).hasSize(5);
    assertThat(rows.get(0))
        .contains(
            "<td class=\"number\">200</td><th scope=\"row\">"
                + "<p>com.zaxxer.hikari.HikariDataSource</p>"
                + "<p class=\"note\">opened by com.acme.Pool.open(Pool.java:31)</p></th>"
                + "<td>call close() on the HikariDataSource that was made at Pool.java:31</td>");
    assertThat(rows.get(0))
        .contains("<a href=\"#test-3\">ShopTest.sells(2)</a></p><p>and 97 more tests</p>");
    assertThat(rows.get(1)).contains("<td class=\"number\">100</td>");
    assertThat(page).contains("id=\"test-3\"><h3>ShopTest.sells(2)</h3>");
  }

  @Test
  public void showsWhatWasOpenedAndFoldsItsThreads() {
    String page = RunPage.of(SampleRuns.fiveCauses());
    String card = page.substring(page.indexOf("id=\"test-1\""), page.indexOf("id=\"test-2\""));

    assertThat(card)
        .contains(
            "<details class=\"group\"><summary>"
                + "<b>2 threads of com.zaxxer.hikari.HikariDataSource</b></summary>");
    assertThat(card).contains("<p>by com.acme.Pool.open(Pool.java:31)</p>");
  }

  @Test
  public void refersFromEachFingerprintToTheTestsThatHaveIt() {
    String fingerprint =
        SampleRuns.everyday().leaks().get(0).groups().get(0).fingerprint().toString();
    String row = EVERYDAY.substring(EVERYDAY.indexOf("<th scope=\"row\"><code>" + fingerprint));

    assertThat(row.substring(0, row.indexOf("</tr>")))
        .contains(
            "<td><p><a href=\"#leak-1\">CheckoutTest.pays(EUR)</a></p>"
                + "<p><a href=\"#leak-5\">BillingTest.bills</a></p></td>");
  }

  @Test
  public void showsOnTheTimelineWhatEachTestHasLeft() {
    assertThat(EVERYDAY)
        .contains("<b>CheckoutTest.pays(EUR)</b> <span class=\"count\">3 leaked, 1 ended</span>");
    assertThat(EVERYDAY).contains("<b>outside tests</b> <span class=\"count\">1 ended</span>");
    assertThat(EVERYDAY).contains("started between 0.4 and 1.3 s, ended between 9.0 and 9.3 s");
    assertThat(EVERYDAY).contains("started between 0.4 and 1.3 s, alive at the end");
    assertThat(EVERYDAY).contains("(no name) (virtual)");
  }

  @Test
  public void asksNobodyElseAndLetsNothingElseIn() {
    assertThat(EVERYDAY).contains("content=\"default-src &#39;none&#39;; style-src &#39;sha256-");
    assertThat(EVERYDAY).doesNotContainMatch("https?:|@import|unsafe-inline|<link|<iframe");
    assertThat(EVERYDAY).doesNotContainMatch("url\\((?!#)| src=\"");
  }

  @Test
  public void takesNoNameForMarkup() {
    assertThat(EVERYDAY.split("<script", -1)).hasLength(2); // our own
    assertThat(EVERYDAY).doesNotContain("<img");
    assertThat(EVERYDAY).contains("&lt;img src=x onerror=alert(1)&gt;\\u202e");
    assertThat(EVERYDAY)
        .contains("<h3>EvilTest.&lt;script&gt;&quot;name&quot;&lt;/script&gt;</h3>");
  }

  @Test
  public void keepsLettersOfAllScriptsAndShowsWhatCannotBeSeen() {
    String cafe = "caf\u00e9 \ud83d\ude00";

    assertThat(new Html().text(cafe + "\n\ud83d\u2028").toString())
        .isEqualTo(cafe + "\\n\\ud83d\\u2028");
  }

  @Test
  public void saysThatNothingLeaked() {
    String page = RunPage.of(SampleRuns.clean());

    assertThat(page).contains("<h1>No thread leaked</h1>");
    assertThat(page).contains("<b>CheckoutTest.pays</b>");
    assertThat(page).doesNotContain("Leaks by test");
  }

  @Test
  public void saysHowMuchIsNotKept() {
    String page = RunPage.of(SampleRuns.huge());

    assertThat(page).contains("12345 threads more, the oldest ones, are not kept.");
    assertThat(page).contains("3 more reports are not kept here");
    assertThat(page).contains("id=\"only\" checked=\"\"");
  }

  @Test
  public void putsTicksAtRoundTimes() {
    assertThat(TimeAxis.of(Duration.ZERO).tickMillis()).isEqualTo(1);
    assertThat(TimeAxis.of(Duration.ofMillis(800)).tickMillis()).isEqualTo(100);
    assertThat(TimeAxis.of(Duration.ofMillis(12_400)).tickMillis()).isEqualTo(2_000);
    assertThat(TimeAxis.of(Duration.ofMinutes(7)).tickMillis()).isEqualTo(60_000);
    assertThat(TimeAxis.of(Duration.ofHours(20)).tickMillis()).isEqualTo(14_400_000);
    assertThat(TimeAxis.of(Duration.ofMinutes(7)).label(120_000)).isEqualTo("2:00");
    assertThat(TimeAxis.of(Duration.ofMillis(12_400)).label(2_000)).isEqualTo("2 s");
    assertThat(TimeAxis.of(Duration.ofMillis(800)).label(100)).isEqualTo("0.10 s");
  }
}
