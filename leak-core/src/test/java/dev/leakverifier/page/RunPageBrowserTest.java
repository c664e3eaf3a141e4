package dev.leakverifier.page;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.leakverifier.diagnosis.LeakKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.testng.SkipException;
import org.testng.annotations.Test;

/** Opens the page in a browser, if there is one. */
public class RunPageBrowserTest {
  private static final ImmutableList<Path> BROWSERS =
      Stream.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
          .map(name -> Path.of("/usr/bin", name))
          .collect(ImmutableList.toImmutableList());

  /** What the browser made of a page, and what it had to say about it. */
  private record Opened(String dom, List<String> console) {}

  @Test
  public void showsLeaksAndTimelineWithoutAnError() throws Exception {
    Opened page = open(SampleRuns.everyday());

    assertThat(page.console()).isEmpty();
    assertThat(page.dom()).contains("data-ready=\"yes\""); // the script ran to its end
    assertThat(page.dom()).contains("<title>7 threads leaked by 4 tests - LeakVerifier</title>");
    assertThat(page.dom()).contains("<b>2 x " + LeakKind.IDLE_POOL_WORKER.label() + "</b>");
    assertThat(page.dom()).contains("3 leaked, 1 ended");
    assertThat(page.dom()).contains("<rect class=\"leaked\"");
  }

  @Test
  public void showsHostileNamesAsText() throws Exception {
    Opened page = open(SampleRuns.everyday());

    assertThat(page.dom()).doesNotContain("<img");
    assertThat(page.dom().split("<script", -1)).hasLength(2);
    assertThat(page.dom())
        .contains("&lt;/script&gt;&lt;script&gt;document.title='!'&lt;/script&gt;\"'`&amp;");
  }

  @Test
  public void opensThousandsOfThreads() throws Exception {
    Opened page = open(SampleRuns.huge());

    assertThat(page.console()).isEmpty();
    assertThat(page.dom()).contains("data-ready=\"yes\"");
  }

  private static Opened open(RunReport run) throws IOException, InterruptedException {
    Path browser =
        BROWSERS.stream()
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(() -> new SkipException("no Chromium or Chrome in /usr/bin"));
    Path folder = Files.createTempDirectory("browser");
    try {
      Path file = folder.resolve("leak-report.html");
      Files.writeString(file, RunPage.of(run), UTF_8);
      Path dom = folder.resolve("dom");
      Path log = folder.resolve("log");
      Process process =
          new ProcessBuilder(
                  browser.toString(),
                  "--headless",
                  "--no-sandbox", // as root there is none
                  "--disable-gpu",
                  "--disable-quic",
                  "--no-first-run",
                  "--disable-background-networking",
                  "--disable-component-update",
                  "--disable-sync",
                  "--user-data-dir=" + folder.resolve("profile"),
                  "--enable-logging=stderr",
                  "--dump-dom",
                  file.toUri().toString())
              .redirectOutput(dom.toFile())
              .redirectError(log.toFile())
              .start();
      try {
        assertWithMessage("the browser ends within five minutes")
            .that(process.waitFor(5, TimeUnit.MINUTES))
            .isTrue();
      } finally {
        process.destroyForcibly().waitFor();
      }
      return new Opened(
          Files.readString(dom),
          Files.readString(log).lines().filter(line -> line.contains("CONSOLE")).toList());
    } finally {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }
}
