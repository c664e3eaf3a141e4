package dev.leakverifier.host;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.testing.ClassPath;
import dev.leakverifier.testing.FailingSlf4j;
import dev.leakverifier.testing.ForkedJvm;
import dev.leakverifier.testing.LogCapture;
import java.util.List;
import org.testng.annotations.Test;

public class LogTest {
  private static final String NO_PROVIDER = "SLF4J(W): No SLF4J providers were found.";

  @Test
  public void logsThroughSlf4jAndNowhereElse() {
    try (LogCapture log = LogCapture.start()) {
      Log.of(LogTest.class).warn("{} of {}", 1, "two");

      assertThat(log.lines()).containsExactly("WARN dev.leakverifier.host.LogTest - 1 of two");
    }
  }

  @Test
  public void saysWarningsAndErrorsWithoutSlf4jWhereThatHasNoProvider() throws Exception {
    ForkedJvm.Ended jvm =
        ForkedJvm.run(
            ClassPath.ofTests().without("slf4j-simple"), List.of(), LogsAtAllLevels.class);

    assertThat(jvm.err()).contains(NO_PROVIDER);
    assertThat(said(jvm)).containsExactly("WARNING: a warning", "SEVERE: an error").inOrder();
    assertThat(jvm.out()).isEqualTo("debug: false\n");
  }

  @Test
  public void saysWhatSlf4jFailsToLogWithTheReason() throws Exception {
    ForkedJvm.Ended jvm =
        ForkedJvm.run(ClassPath.ofTests(), List.of(FailingSlf4j.OPTION), LogsAtAllLevels.class);

    String why =
        "(said here, since the log is lost: java.lang.AssertionError: the log has no room)";
    assertThat(said(jvm))
        .containsExactly(
            "INFO: for information", why, "WARNING: a warning", why, "SEVERE: an error", why)
        .inOrder();
    assertThat(jvm.out()).isEqualTo("debug: false\n");
  }

  @Test
  public void needsNoSlf4jAtAll() throws Exception {
    ForkedJvm.Ended jvm =
        ForkedJvm.run(
            ClassPath.ofTests().without("slf4j-simple").without("slf4j-api"),
            List.of(),
            LogsAtAllLevels.class);

    assertThat(said(jvm)).contains("WARNING: a {} [warning]");
    assertThat(said(jvm))
        .contains(
            "(said here, since the log is lost: java.lang.NoClassDefFoundError:"
                + " org/slf4j/LoggerFactory)");
    assertThat(jvm.exitCode()).isEqualTo(0);
  }

  static final class LogsAtAllLevels {
    public static void main(String[] args) {
      Log log = Log.of(LogTest.class);
      System.out.println("debug: " + log.isDebugEnabled());
      log.debug("for debugging");
      log.info("for information");
      log.warn("a {}", "warning");
      log.error("an {}", "error");
    }
  }

  /** What {@code java.util.logging} has printed, without when and where. */
  private static List<String> said(ForkedJvm.Ended jvm) {
    return jvm.err()
        .lines()
        .filter(line -> line.matches("(INFO|WARNING|SEVERE): .*|\\(said here.*"))
        .collect(ImmutableList.toImmutableList());
  }
}
