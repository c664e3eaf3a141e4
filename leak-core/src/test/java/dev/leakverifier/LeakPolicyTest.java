package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static org.testng.Assert.expectThrows;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.settings.Policy;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.LogCapture;
import java.time.Duration;
import java.util.Map;
import org.testng.annotations.Test;

/** What only warns, in plain Java. */
public class LeakPolicyTest {
  private static final LeakOption AT_ONCE = LeakVerifier.maxWait(Duration.ZERO);

  @Test
  public void logsInPlaceOfThrowing() {
    LeakScope scope = LeakVerifier.scope(AT_ONCE, LeakVerifier.warnOnly());
    try (BlockedThread leaked = BlockedThread.start("leaked");
        LogCapture log = LogCapture.start()) {
      LeakVerifier.verifyNone(AT_ONCE, LeakVerifier.warnOnly());
      scope.close();

      ImmutableList<String> messages = log.messages("WARN", Policy.class.getName());
      assertThat(messages).hasSize(2);
      assertThat(messages.get(1)).isEqualTo("1 thread leaked (looked once, without waiting)");
      assertThat(log.lines().stream().anyMatch(line -> line.contains("\"leaked\"   WAITING")))
          .isTrue();
    }
  }

  @Test
  public void logsNothingWhereNothingIsLeaked() {
    try (LogCapture log = LogCapture.start()) {
      LeakVerifier.scope(AT_ONCE, LeakVerifier.warnOnly()).close();
      assertThat(log.lines()).isEmpty();

      LeakScope scope = LeakVerifier.scope(AT_ONCE, LeakVerifier.warnOnly());
      try (BlockedThread leaked = BlockedThread.start("leaked")) {
        scope.close();
        assertThat(log.lines()).isNotEmpty();
      }
    }
  }

  @Test
  public void leavesTheReportOfAScopeAsItIs() {
    LeakScope scope = LeakVerifier.scope(AT_ONCE, LeakVerifier.warnOnly());
    try (BlockedThread leaked = BlockedThread.start("leaked")) {
      assertThat(scope.check().threads()).hasSize(1);
    }
  }

  @Test
  public void takesTheLastOfSeveral() {
    LeakOption fail = LeakConfiguration.load("", Map.of("leak.action", "fail")).options().get(0);
    LeakScope scope = LeakVerifier.scope(AT_ONCE, LeakVerifier.warnOnly(), fail);
    try (BlockedThread leaked = BlockedThread.start("leaked")) {
      expectThrows(LeakError.class, scope::close);
    }
    assertThat(fail.toString()).isEqualTo("leak.action=fail");
  }

  @Test
  public void isRefusedWhereAReportIsAskedFor() {
    IllegalArgumentException error =
        expectThrows(
            IllegalArgumentException.class, () -> LeakVerifier.find(LeakVerifier.warnOnly()));
    assertThat(error)
        .hasMessageThat()
        .isEqualTo(
            "find(...) does not take warnOnly(): it returns the report, and never throws for a"
                + " leak");
  }
}
