package dev.leakverifier.page;

import static com.google.common.truth.Truth.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.testng.annotations.Test;

public class ReportSettingTest {
  private static final Path MODULE = Path.of("").toAbsolutePath();

  @Test
  public void isBelowTargetInAForkOfSurefire() {
    Properties fork = new Properties();
    fork.setProperty("basedir", MODULE.toString());
    fork.setProperty("surefire.test.class.path", "/a.jar");

    assertThat(ReportSetting.defaultFolder(fork))
        .isEqualTo(Optional.of(MODULE.resolve("target/leak-report")));
    assertThat(ReportSetting.isFork(fork)).isTrue();
    fork.setProperty("maven.home", "/opt/maven"); // Maven's own JVM
    assertThat(ReportSetting.isFork(fork)).isFalse();
  }

  @Test
  public void isNowhereElsewhere() throws IOException {
    Properties elsewhere = new Properties();
    elsewhere.setProperty("basedir", MODULE.toString());
    assertThat(ReportSetting.defaultFolder(elsewhere)).isEqualTo(Optional.empty());

    Path noModule = Files.createTempDirectory("no-module");
    elsewhere.setProperty("surefire.real.class.path", "/a.jar");
    elsewhere.setProperty("basedir", noModule.toString());
    assertThat(ReportSetting.defaultFolder(elsewhere)).isEqualTo(Optional.empty());
    elsewhere.setProperty("basedir", "\0");
    assertThat(ReportSetting.defaultFolder(elsewhere)).isEqualTo(Optional.empty());
    Files.delete(noModule);
  }
}
