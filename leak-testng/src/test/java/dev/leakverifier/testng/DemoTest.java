package dev.leakverifier.testng;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.testing.ClassPath;
import dev.leakverifier.testing.ForkedJvm;
import dev.leakverifier.testng.demo.Demo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.testng.SkipException;
import org.testng.annotations.Test;

public class DemoTest {
  @Test
  public void givesTheReportThatReadmeShows() throws Exception {
    ForkedJvm.Ended demo =
        ForkedJvm.run(
            ClassPath.ofTests(),
            List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dleak.heap=auto"),
            Demo.class);

    assertThat(demo.exitCode()).isEqualTo(0);
    if (Runtime.version().feature() != 17) {
      throw new SkipException("README shows the report of JDK 17");
    }
    Matcher shown =
        Pattern.compile("(?s)```text\n(.*?)```").matcher(Files.readString(Path.of("../README.md")));
    assertThat(shown.find()).isTrue();
    assertThat(withoutSeconds(demo.out())).contains("\n\n" + withoutSeconds(shown.group(1)));
  }

  private static String withoutSeconds(String report) {
    return report.replaceAll("\\d\\.\\d+ s", "N s");
  }
}
