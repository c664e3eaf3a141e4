package dev.leakverifier.testing;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A part of a report that cannot be made, since something is broken in the build of a user: that
 * must cost this part only, however the check was asked for.
 *
 * <p>A program that leaves a thread with the name {@link #LEFT} tells with {@link #fails} and
 * {@link #passes} what came of its checks, which {@link #assertCostsItselfOnly} reads.
 */
public enum BrokenPart {
  DIAGNOSIS("dev.leakverifier.diagnosis.Diagnoses", "not told, since the diagnosis is lost: "),
  GROUPS("dev.leakverifier.diagnosis.Look", "not told, since what they have in common is lost: "),
  TEXT("dev.leakverifier.report.ReportText", "the text of this report is lost: "),
  STARTERS(
      "dev.leakverifier.origin.ThreadStart",
      "not seen: who started them: what the flight recorder has written cannot be read: "),
  ACCEPTED("dev.leakverifier.settings.AcceptedFile$Entry", "nothing is accepted: "),
  PAGE("dev.leakverifier.page.RunPage", "the report of the run cannot be written to "),
  /** A file stands where the folder of the page should be. */
  PAGE_FOLDER("", "the report of the run cannot be written to "),
  LOG("", "");

  /** The name of the thread that is to be left. */
  public static final String LEFT = "left";

  private static final String SAID_ELSEWHERE =
      "(said here, since the log is lost: java.lang.AssertionError: the log has no room)";

  private final String brokenClass;
  private final String line;

  BrokenPart(String brokenClass, String line) {
    this.brokenClass = brokenClass;
    this.line = line;
  }

  /** Tells that a check has failed with {@code error}. */
  public static void fails(String check, Throwable error) {
    System.out.println("== " + check + " fails");
    print(error);
  }

  /** Tells that a check has not failed. */
  public static void passes(String check) {
    System.out.println("== " + check + " passes");
  }

  private static void print(Throwable error) {
    System.out.println(error.getMessage());
    for (Throwable attached : error.getSuppressed()) {
      Arrays.stream(attached.getStackTrace())
          .filter(frame -> frame.getClassName().equals(BlockedThread.class.getName()))
          .forEach(frame -> System.out.println("attached: " + frame));
      print(attached);
    }
  }

  /**
   * Runs a program with this part broken.
   *
   * @param failing the checks that must fail
   * @param passing the checks that must pass, since they only warn
   */
  public void assertCostsItselfOnly(Class<?> main, List<String> failing, List<String> passing)
      throws IOException, InterruptedException {
    ForkedJvm.Ended jvm = run(main);
    assertWithMessage(jvm.err()).that(jvm.exitCode()).isEqualTo(0);
    List<String> checks = Splitter.on("== ").splitToList(jvm.out());
    assertThat(checks.stream().skip(1).map(check -> check.lines().findFirst().orElse("")).toList())
        .containsExactlyElementsIn(
            ImmutableList.builder()
                .addAll(failing.stream().map(check -> check + " fails").iterator())
                .addAll(passing.stream().map(check -> check + " passes").iterator())
                .build())
        .inOrder();
    for (String check : checks.subList(1, 1 + failing.size())) {
      assertThat(check).contains('"' + LEFT + '"');
      assertThat(check).contains(line);
      assertThat(check)
          .containsMatch("(?m)^( +| +-> | +stack +-> )\\S*\\Q" + BlockedThread.FUNCTION);
      assertThat(check).containsMatch("(?m)^attached: .*\\Q" + BlockedThread.FUNCTION);
    }
    String log = jvm.err();
    for (int i = 0; i < passing.size(); i++) {
      int at = log.indexOf("1 thread leaked");
      assertWithMessage(jvm.err()).that(at).isAtLeast(0);
      int next = log.indexOf("1 thread leaked", at + 1);
      String warning = log.substring(at, next < 0 ? log.length() : next);
      assertThat(warning).contains('"' + LEFT + '"');
      assertThat(warning).contains(BlockedThread.FUNCTION);
      assertThat(warning).contains(this == LOG ? SAID_ELSEWHERE : line);
      log = next < 0 ? "" : log.substring(next);
    }
  }

  private ForkedJvm.Ended run(Class<?> main) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("broken");
    try {
      Path page = folder.resolve("page");
      if (this == PAGE_FOLDER) {
        Files.createFile(page);
      }
      Path accepted = Files.writeString(folder.resolve("accepted.txt"), "# none\n", UTF_8);
      ImmutableList.Builder<String> options = ImmutableList.builder();
      options.add(
          "-Dleak.maxWait=0s",
          "-Dleak.origins=" + (this == STARTERS),
          "-Dleak.reportDir=" + page,
          "-Dleak.accepted=" + accepted);
      if (this == LOG) {
        options.add(FailingSlf4j.OPTION);
      }
      ClassPath classPath = ClassPath.ofTests();
      return ForkedJvm.run(
          brokenClass.isEmpty()
              ? classPath
              : classPath.breaking(brokenClass, folder.resolve("classes")),
          options.build(),
          main);
    } finally {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }
}
