package dev.leakverifier.page;

import static com.google.common.truth.Truth.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class BuildProcessTest {
  private static final Instant START = Instant.parse("2026-11-24T21:15:31.120Z");
  private static final BuildProcess MAVEN = new BuildProcess(4711, Optional.of(START));

  @Test
  public void isToldByItsText() {
    assertThat(MAVEN.toString()).isEqualTo("4711@2026-11-24T21:15:31.120Z");
    assertThat(BuildProcess.parse("4711@2026-11-24T21:15:31.120Z")).isEqualTo(Optional.of(MAVEN));
    assertThat(BuildProcess.parse("4711"))
        .isEqualTo(Optional.of(new BuildProcess(4711, Optional.empty())));
  }

  @DataProvider
  Object[][] nonsense() {
    return new Object[][] {{""}, {"@"}, {"-1"}, {"4711@"}, {"4711@noon"}, {"9".repeat(30)}};
  }

  @Test(dataProvider = "nonsense")
  public void isNotMadeOfNonsense(String text) {
    assertThat(BuildProcess.parse(text)).isEqualTo(Optional.empty());
  }

  @Test
  public void isTheSameWhateverSecondTheMachineSaysItWasBooted() {
    assertThat(MAVEN.includes(after(Duration.ofSeconds(1)))).isTrue();
    assertThat(MAVEN.includes(after(Duration.ofSeconds(-1)))).isTrue();
  }

  @Test
  public void isAnotherWhereTheNumberIsGivenAgain() { // as each container begins with 1
    assertThat(MAVEN.includes(after(Duration.ofSeconds(1).plusMillis(1)))).isFalse();
    assertThat(MAVEN.includes(after(Duration.ofDays(-1)))).isFalse();
    assertThat(MAVEN.includes(new BuildProcess(4712, Optional.of(START)))).isFalse();
    assertThat(MAVEN.includes(new BuildProcess(4711, Optional.empty()))).isFalse();
  }

  @Test
  public void includesWhatRunsBesideAJvmThatIsNoFork() {
    BuildProcess jvm = BuildProcess.of(ProcessHandle.current());
    BuildProcess alive = BuildProcess.of(ProcessHandle.current().parent().orElseThrow());
    BuildProcess dead =
        new BuildProcess(alive.pid(), alive.start().map(start -> start.minusSeconds(60)));

    assertThat(jvm.includes(alive)).isTrue();
    assertThat(jvm.includes(dead)).isFalse();
    assertThat(MAVEN.includes(alive)).isFalse();
  }

  private static BuildProcess after(Duration time) {
    return new BuildProcess(4711, Optional.of(START.plus(time)));
  }
}
