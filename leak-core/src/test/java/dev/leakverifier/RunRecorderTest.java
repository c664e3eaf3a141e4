package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.leakverifier.blame.Timeline;
import dev.leakverifier.check.Check;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.page.BuildProcess;
import dev.leakverifier.page.JsonSchema;
import dev.leakverifier.page.ReportSetting;
import dev.leakverifier.page.RunRecorder;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.FakeTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

public class RunRecorderTest {
  private static final LeakOption AT_ONCE = LeakVerifier.maxWait(Duration.ZERO);

  private final FakeTime time = new FakeTime();
  private final List<Runnable> atExit = new ArrayList<>();
  private Path temporary = Path.of("");
  private Path folder = Path.of("");

  private record Named(String describe) implements LeakWatch.Window {
    @Override
    public Optional<List<LeakOption>> options() {
      return Optional.of(List.of(AT_ONCE));
    }
  }

  @BeforeMethod
  public void makeFolder() throws IOException {
    temporary = Files.createTempDirectory("run");
    folder = temporary.resolve("target/leak-report");
    atExit.clear();
  }

  @AfterMethod
  public void deleteFolder() throws IOException {
    MoreFiles.deleteRecursively(temporary, RecursiveDeleteOption.ALLOW_INSECURE);
  }

  @Test
  public void writesNothingWhereNothingHasLeaked() {
    RunRecorder recorder = recorder(/* always= */ false);
    recorder.watchEnded();

    assertThat(atExit).isEmpty();
    assertThat(Files.exists(folder)).isFalse();
  }

  @Test
  public void writesAllTheSameIfAsked() throws IOException {
    RunRecorder recorder = recorder(/* always= */ true);
    try (BlockedThread thread = BlockedThread.start("worker")) {
      var unused = recorder.noted("a", Duration.ZERO, fresh(thread), null);
      recorder.watchEnded();
    }

    assertThat(files()).containsExactly("leak-report.html", "leak-report.json");
    assertThat(read("leak-report.html")).contains("<h1>No thread leaked</h1>");
    assertThat(read("leak-report.json")).contains("\"name\":\"worker\"");
  }

  @Test
  public void writesWithTheFirstLeakThenNotMoreOftenThanIsCheapAndAtTheEnd() throws IOException {
    RunRecorder recorder = recorder(/* always= */ false);
    leakTo(recorder, "first");
    assertThat(read("leak-report.json")).contains("\"blamed\":\"first\"");
    leakTo(recorder, "second");
    assertThat(read("leak-report.json")).doesNotContain("second");

    time.slip(Duration.ofSeconds(1).toNanos());
    leakTo(recorder, "third");
    assertThat(read("leak-report.json")).contains("\"blamed\":\"second\"");
    assertThat(read("leak-report.json")).contains("\"blamed\":\"third\"");

    leakTo(recorder, "fourth");
    atExit.forEach(Runnable::run);
    assertThat(read("leak-report.json")).contains("\"blamed\":\"fourth\"");
    assertThat(JsonSchema.errorsIn(read("leak-report.json"))).isEmpty();
    assertThat(read("leak-report.html")).contains("<h1>4 threads leaked by 4 tests</h1>");
    assertThat(files()).containsExactly("leak-report.html", "leak-report.json");
  }

  @Test
  public void hintsAtThePageInTheTextOfTheReport() {
    LeakReport told = leakTo(recorder(/* always= */ false), "test");

    assertThat(told.toString()).endsWith("\n\nmore: " + folder.resolve("leak-report.html"));
    assertThat(told.toError()).hasMessageThat().isEqualTo(told.toString());
  }

  @Test
  public void leavesTheReportsOfOtherJvmsOfTheBuildAsTheyAre() throws IOException {
    var unused = leakTo(recorder(/* always= */ false), "one");
    unused = leakTo(recorder(/* always= */ false), "two");
    LeakReport third = leakTo(recorder(/* always= */ false), "three");

    assertThat(files())
        .containsExactly(
            "leak-report.html",
            "leak-report.json",
            "leak-report-2.html",
            "leak-report-2.json",
            "leak-report-3.html",
            "leak-report-3.json");
    assertThat(read("leak-report.json")).contains("\"blamed\":\"one\"");
    assertThat(third.toString()).endsWith("leak-report-3.html");
  }

  @Test
  public void removesTheReportsOfOtherBuildsHoweverNewAndNothingElse() throws IOException {
    var unused = leakTo(recorder(/* always= */ false), "of this build");
    write("leak-report-2.json", "{\"build\":\"1@2026-11-24T21:15:31.120Z\",\"java\":\"17\"}");
    write("leak-report-2.html", "of another build");
    write("leak-report-3.json", "{\"format\":\"leakverifier-run\"}"); // as of an older version
    write("leak-report-4.json", "{\"build\":\"somebody@some day\"}");
    write("leak-report-12.html", "a page alone");
    write("mine.html", "");

    unused = leakTo(recorder(/* always= */ false), "clean until here");

    assertThat(files())
        .containsExactly(
            "leak-report.html",
            "leak-report.json",
            "leak-report-2.html",
            "leak-report-2.json",
            "mine.html");
    assertThat(read("leak-report.json")).contains("\"blamed\":\"of this build\"");
    assertThat(read("leak-report-2.json")).contains("\"blamed\":\"clean until here\"");
  }

  @Test
  public void removesThemWhereNothingLeaksToo() throws IOException {
    Files.createDirectories(folder);
    write("leak-report.json", "{\"build\":\"1@2026-11-24T21:15:31.120Z\"}");
    write("leak-report.html", "");

    recorder(/* always= */ false).watchEnded();

    assertThat(files()).isEmpty();
  }

  @Test
  public void leavesANameToWhomHasClaimedItForThisBuild() throws IOException {
    Files.createDirectories(folder);
    write("leak-report.json", ""); // between its making and its first byte
    var unused = recorder(/* always= */ true);
    unused = recorder(/* always= */ true);

    assertThat(files())
        .containsExactly("leak-report.json", "leak-report-2.json", "leak-report-3.json");
    assertThat(read("leak-report-2.json")).isEqualTo(read("leak-report-3.json"));
    assertThat(BuildProcess.parse(read("leak-report-2.json").split("\"", -1)[3]))
        .isEqualTo(Optional.of(BuildProcess.current()));
  }

  @Test
  public void losesNoVerdictWhereNothingCanBeWritten() throws IOException {
    Files.createDirectories(folder.getParent());
    Files.writeString(folder, "a file where the folder should be");

    LeakReport told = leakTo(recorder(/* always= */ false), "test");

    assertThat(told.threads()).hasSize(1);
    assertThat(told.toString()).doesNotContain("more: ");
    assertThat(atExit).isEmpty();
    assertThat(Files.readString(folder)).isEqualTo("a file where the folder should be");
  }

  @Test
  public void losesNoVerdictWhereTheFolderGoesAway() throws IOException {
    RunRecorder recorder = recorder(/* always= */ false);
    var unused = leakTo(recorder, "first");
    MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    time.slip(Duration.ofSeconds(1).toNanos());

    assertThat(leakTo(recorder, "second").threads()).hasSize(1);
    assertThat(leakTo(recorder, "third").toString()).doesNotContain("more: ");
    atExit.forEach(Runnable::run);
    assertThat(Files.exists(folder)).isFalse();
  }

  @Test
  public void followsAWatchFromItsFirstNoteToItsVerdict() throws IOException {
    LeakConfiguration configuration =
        LeakConfiguration.load(
            "parameter",
            ImmutableMap.of("leak.reportDir", folder.toString(), "leak.origins", "false"));
    try (LeakWatch<Named> watch = new LeakWatch<>(Check.JVM, Timeline.JVM, List.of());
        BlockedThread server = BlockedThread.start("server")) {
      watch.use(configuration);
      watch.disownNew();
      BlockedThread helper = BlockedThread.start("helper");
      watch.appearedIn(new Named("tidy"));
      helper.close();
      try (BlockedThread left = BlockedThread.start("left")) {
        watch.opened(new Named("leaky"));
        watch.appearedIn(new Named("leaky"));
        List<LeakWatch.Leak<Named>> leaks = watch.judge(any -> true);

        assertThat(leaks.get(0).report().toString()).endsWith("leak-report.html");
        assertThat(leaks.get(0).window()).isEqualTo(new Named("leaky"));
      }
    }

    String json = read("leak-report.json");
    assertThat(JsonSchema.errorsIn(json)).isEmpty();
    assertThat(json).containsMatch("\"name\":\"server\",\"virtual\":false,\"test\":null");
    assertThat(json)
        .containsMatch(
            "\"name\":\"helper\",\"virtual\":false,\"test\":\"tidy\",\"leaked\":false,.*goneMillis");
    assertThat(json)
        .containsMatch("\"name\":\"left\",\"virtual\":false,\"test\":\"leaky\",\"leaked\":true");
  }

  private RunRecorder recorder(boolean always) {
    return new RunRecorder(new ReportSetting(folder, always, "a test"), time::read, atExit::add);
  }

  /** A report of a thread that {@code test} has left behind, as the recorder gives it back. */
  private static LeakReport leakTo(RunRecorder recorder, String test) {
    try (LeakWatch<Named> watch = new LeakWatch<>(Check.JVM, Timeline.JVM, List.of());
        BlockedThread left = BlockedThread.start("left")) {
      watch.appearedIn(new Named(test));
      LeakReport report = watch.judge(any -> true).get(0).report();
      return report.endingWith(recorder.judged(List.of(report.forRun())));
    }
  }

  private static List<LiveThread> fresh(BlockedThread thread) {
    return List.of(LiveThread.of(thread.thread()));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private String read(String name) throws IOException {
    return Files.readString(folder.resolve(name));
  }
}
