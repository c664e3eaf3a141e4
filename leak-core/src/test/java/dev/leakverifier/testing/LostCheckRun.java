package dev.leakverifier.testing;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A class of the check itself that is broken in the build of a user, so that an {@code Error} ends
 * each check: that fails a test, and only warns where leaks only warn.
 */
public enum LostCheckRun {
  /** What is noted when a test begins and ends. */
  NOTE,
  VERDICT;

  private String brokenClass() {
    return switch (this) {
      case NOTE -> "dev.leakverifier.blame.Stretch";
      case VERDICT -> "dev.leakverifier.check.Waiter";
    };
  }

  /**
   * Runs a program that tells what came of its check as one of {@link BrokenPart} does, once to
   * fail and once to warn.
   */
  public void assertFailsOrWarns(Class<?> main, String failing, String passing)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("lost");
    ForkedJvm.Ended failed = run(folder, "fail", main);
    assertWithMessage(failed.err()).that(failed.out()).startsWith("== " + failing + " fails\n");
    assertThat(failed.out()).doesNotContain("1 thread leaked");

    ForkedJvm.Ended warned = run(folder, "warn", main);
    assertWithMessage(warned.err()).that(warned.out()).isEqualTo("== " + passing + " passes\n");
    assertThat(warned.err()).contains("a check for leaked threads is lost: java.lang.");
    if (this == VERDICT) {
      assertThat(warned.err()).contains("threads that were not judged: \"" + BrokenPart.LEFT + '"');
    }
  }

  private ForkedJvm.Ended run(Path folder, String action, Class<?> main)
      throws IOException, InterruptedException {
    ForkedJvm.Ended jvm =
        ForkedJvm.run(
            ClassPath.ofTests().breaking(brokenClass(), folder.resolve(action)),
            ImmutableList.of(
                "-Dleak.maxWait=0s",
                "-Dleak.origins=false",
                "-Dleak.report=never",
                "-Dleak.action=" + action),
            main);
    assertWithMessage(jvm.err()).that(jvm.exitCode()).isEqualTo(0);
    return jvm;
  }
}
