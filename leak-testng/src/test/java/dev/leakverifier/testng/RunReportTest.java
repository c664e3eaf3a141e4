package dev.leakverifier.testng;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.leakverifier.testing.Leaks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** The report of a run is written for the TestNG listener. */
public class RunReportTest {
  private Path folder = Path.of("");

  @BeforeMethod
  public void makeFolder() throws IOException {
    // Not in a folder that goes: it is written once more when this JVM exits.
    folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "run-report");
  }

  @AfterMethod
  public void endSampleThreads() {
    Leaks.endAll();
  }

  @Test
  public void holdsTheLeakAndItsTest() throws IOException {
    NestedRun.Outcome outcome =
        NestedRun.of(FeatureSamples.KnownAfterClass.class)
            .parameter("leak.reportDir", folder.toString())
            .run();

    assertThat(outcome.error("leaks")).hasMessageThat().endsWith("leak-report.html");
    String json = Files.readString(folder.resolve("leak-report.json"));
    assertThat(json).contains("\"blamed\":\"FeatureSamples.KnownAfterClass.leaks\"");
    assertThat(json)
        .contains(
            "\"name\":\"left\",\"virtual\":false,"
                + "\"test\":\"FeatureSamples.KnownAfterClass.leaks\",\"leaked\":true");
    assertThat(Files.readString(folder.resolve("leak-report.html")))
        .contains("<h1>1 thread leaked by 1 test</h1>");
  }

  @Test
  public void isNotThereWhereNothingLeaked() throws IOException {
    MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    var unused =
        NestedRun.of(NothingLeaks.class).parameter("leak.reportDir", folder.toString()).run();

    assertThat(Files.exists(folder)).isFalse();
  }

  @Test
  public void isThereAllTheSameIfAsked() throws IOException {
    var unused =
        NestedRun.of(NothingLeaks.class)
            .parameter("leak.reportDir", folder.toString())
            .parameter("leak.report", "always")
            .run();

    assertThat(Files.readString(folder.resolve("leak-report.html")))
        .contains("<h1>No thread leaked</h1>");
  }

  public static class NothingLeaks {
    @Test
    public void runs() {}
  }
}
