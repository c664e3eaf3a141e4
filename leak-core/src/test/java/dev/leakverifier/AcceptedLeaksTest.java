package dev.leakverifier;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import dev.leakverifier.LeakWatch.Leak;
import dev.leakverifier.blame.Timeline;
import dev.leakverifier.check.Check;
import dev.leakverifier.settings.AcceptedLeaks;
import dev.leakverifier.settings.Policy;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.ForkedJvm;
import dev.leakverifier.testing.LogCapture;
import dev.leakverifier.testing.Sleeper;
import dev.leakverifier.testing.ThreadForm;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

public class AcceptedLeaksTest {
  private static final String LOGGER = AcceptedLeaks.class.getName();

  private Path folder = Path.of("");
  private Path file = Path.of("");

  /** A test, of which the part before the dot is its class. */
  private record Named(String describe) implements LeakWatch.Window {
    @Override
    public Optional<String> className() {
      return Optional.of("com.acme." + describe.replaceAll("\\..*", ""));
    }

    @Override
    public Optional<List<LeakOption>> options() {
      return Optional.of(List.of());
    }
  }

  @BeforeMethod
  public void makeFolder() throws IOException {
    folder = Files.createTempDirectory("accepted");
    file = folder.resolve("leaks.txt");
  }

  @AfterMethod
  public void deleteFolder() throws IOException {
    MoreFiles.deleteRecursively(folder);
  }

  @Test
  public void writesDownWhatIsLeakedAndLetsItPassFromThenOn() throws IOException {
    LeakWatch<Named> first = watch(accepting());
    try (BlockedThread old = BlockedThread.start("old-7");
        LogCapture log = LogCapture.start()) {
      assertThat(endOf(first, "ShopTest.pays")).isEmpty();

      List<String> lines = Files.readAllLines(file);
      assertThat(lines.get(lines.size() - 1))
          .matches(
              "[0-9a-f]{12}-[0-9a-f]{4} in com.acme.ShopTest: waits in vain \"old-\\*\", (started by|in)"
                  + " dev.leakverifier.testing.BlockedThread.(start|block), left by ShopTest.pays");
      assertThat(log.messages("INFO", LOGGER).get(0)).startsWith("added to " + file + ": ");
      assertThat(log.messages("INFO", LOGGER).get(1))
          .matches(
              "accepted: waits in vain \"old-\\*\", .*, left by ShopTest.pays"
                  + " \\([0-9a-f-]{17} in "
                  + file
                  + "\\)");
    }
    LeakWatch<Named> next = watch(accepted());
    try (BlockedThread old = BlockedThread.start("old-8");
        LogCapture log = LogCapture.start()) {
      assertThat(endOf(next, "ShopTest.buys")).isEmpty();
      assertThat(log.messages("INFO", LOGGER)).hasSize(1);
      assertThat(log.messages("INFO", LOGGER).get(0))
          .matches("accepted: waits in vain \"old-\\*\", .*, left by ShopTest.buys .*");
    }
  }

  @Test
  public void failsForNewLeaksOnlyAndCountsTheOthers() {
    accept("old");
    LeakWatch<Named> run = watch(accepted());
    try (BlockedThread old1 = BlockedThread.start("old");
        BlockedThread old2 = BlockedThread.start("old");
        BlockedThread fresh = BlockedThread.start("fresh")) {
      LeakReport report = endOf(run, "ShopTest.pays").get(0);

      assertThat(report.threads().stream().map(ThreadSample::name).toList())
          .containsExactly("fresh");
      assertThat(report.accepted()).hasSize(1);
      assertThat(report.accepted().get(0).threads()).hasSize(2);
      assertThat(report.toString())
          .startsWith("1 thread leaked by ShopTest.pays (looked once, without waiting)");
      assertThat(report.toString())
          .contains("\n\nnot counted: 2 threads of 1 accepted leak (leak.accepted=" + file + ")");
      assertThat(report.toJson())
          .contains(
              "\"accepted\":[{\"fingerprint\":\"" + report.accepted().get(0).fingerprint() + "\"");
    }
  }

  @Test
  public void failsForTheSameLeakOfAnotherClassUnlessItIsAcceptedAnywhere() throws IOException {
    accept("old");
    LeakWatch<Named> narrow = watch(accepted());
    try (BlockedThread old = BlockedThread.start("old")) {
      LeakReport report = endOf(narrow, "BrandNewTest.pays").get(0);

      assertThat(report.threads()).hasSize(1);
      assertThat(report.toString())
          .containsMatch(
              "\n\nwaits in vain \"old\", .*: accepted for ShopTest, not for BrandNewTest;"
                  + " \"in \\*\" accepts it anywhere");
    }
    Files.writeString(
        file, Files.readString(file, UTF_8).replace("in com.acme.ShopTest:", "in *"), UTF_8);
    LeakWatch<Named> wide = watch(accepted());
    try (BlockedThread old = BlockedThread.start("old")) {
      assertThat(endOf(wide, "BrandNewTest.pays")).isEmpty();
    }
  }

  @Test
  public void namesAtTheEndWhatHasNotOccurred() throws IOException {
    String gone = "000000000000-0000 timer not cancelled \"cart\"";
    Files.writeString(file, gone + "\n", UTF_8);
    LeakWatch<Named> run = watch(accepting());
    try (BlockedThread old = BlockedThread.start("old");
        LogCapture log = LogCapture.start()) {
      assertThat(endOf(run, "a")).isEmpty();

      int said = log.lines().indexOf("  " + gone);
      assertThat(log.lines().get(said - 1))
          .isEqualTo(
              "INFO "
                  + LOGGER
                  + " - accepted in "
                  + file
                  + ", but not found in this JVM so far; delete their lines if no other run has"
                  + " them:");
      assertThat(log.lines()).hasSize(said + 1);
      assertThat(Files.readString(file, UTF_8)).contains(gone); // another fork may have it
    }
  }

  @Test
  public void doesNotSayThatSomethingHasNotOccurredWhereNotAllWasJudged() throws IOException {
    Files.writeString(file, "000000000000-0000\n", UTF_8);
    LeakWatch<Named> run = watch(accepted());
    try (BlockedThread unjudged = BlockedThread.start("unjudged");
        LogCapture log = LogCapture.start()) {
      run.appearedIn(new Named("a"));
      run.close();

      assertThat(log.lines()).isEmpty();

      watch(accepted()).close(); // has judged all there was
      assertThat(log.lines().get(0)).contains(" not found in this JVM ");
    }
  }

  @Test
  public void readsAndWritesThoughAnInterruptWasLeftBehindAndRestoresIt() throws IOException {
    Thread.currentThread().interrupt();
    LeakWatch<Named> run = watch(accepting());
    try (BlockedThread old = BlockedThread.start("old")) {
      List<LeakReport> leaks = endOf(run, "a");

      assertThat(Thread.interrupted()).isTrue();
      assertThat(leaks).isEmpty();
      assertThat(Files.readString(file, UTF_8)).contains(" \"old\", ");
    }
  }

  @Test
  public void failsForAllWhereTheFileCanNoLongerBeUsedAndSaysWhy() throws IOException {
    LeakWatch<Named> run = watch(accepting());
    Files.writeString(file, "pool-1\n", UTF_8);
    try (BlockedThread leaked = BlockedThread.start("leaked");
        LogCapture log = LogCapture.start()) {
      LeakReport report = endOf(run, "a").get(0);

      String why =
          "nothing is accepted: "
              + file
              + ", line 1: \"pool-1\" must begin with a fingerprint such as 9f86d081884c-7d65, or"
              + " with #";
      assertThat(report.threads()).hasSize(1);
      assertThat(report.toString()).contains("\n\n" + why);
      assertThat(log.messages("ERROR", LOGGER)).containsExactly(why);
      assertThat(Files.readString(file, UTF_8)).isEqualTo("pool-1\n");
    }
  }

  @Test
  public void warnsOfWhatIsNewIfAskedTo() {
    accept("old");
    LeakWatch<Named> run =
        watch(options(Map.of("leak.accepted", file.toString(), "leak.action", "warn")));
    try (BlockedThread old = BlockedThread.start("old");
        BlockedThread fresh = BlockedThread.start("fresh");
        LogCapture log = LogCapture.start()) {
      assertThat(endOf(run, "ShopTest.pays")).isEmpty();
      assertThat(log.messages("WARN", Policy.class.getName()))
          .containsExactly("1 thread leaked by ShopTest.pays (looked once, without waiting)");
    }
  }

  /** The fingerprints are the same on every JDK, with origins and without. */
  @Test
  public void knowsRealLeaksAgainInAnotherJvm() throws Exception {
    ImmutableList<String> written = output(ForkedJvm.start(Leaking.class, file.toString(), "on"));
    ImmutableList<String> again = output(ForkedJvm.start(Leaking.class, file.toString(), "off"));

    List<String> expected =
        new ArrayList<>(
            List.of(
                "cdb2b35164d8 in com.acme.main: idle pool worker \"pool-*-thread-*\"",
                "99a68eadf00e in com.acme.main: sleeping loop \"poller-*\"",
                "40aa15bd2e1b in com.acme.main: timer not cancelled \"Timer-*\"",
                "failing: 0"));
    if (ThreadForm.VIRTUAL.isThere()) {
      expected.add("f96ca435a4f8 in com.acme.main: sleeping loop \"virtual-*\"");
    }
    assertThat(written).containsExactlyElementsIn(expected);
    assertThat(again).isEqualTo(written);
  }

  @Test
  public void knowsLeaksThatWereWrittenDownBeforeALineNamedAClass() throws Exception {
    List<String> lines =
        List.of(
            "b8e909349ac9-0000 idle pool worker \"pool-*-thread-*\", left by main",
            "fa698df53f1d-0000 sleeping loop \"poller-*\", in"
                + " dev.leakverifier.testing.Sleeper.sleep, left by main",
            "855a67cfe659-0000 timer not cancelled \"Timer-*\"",
            "7c477b5063a2-0000 sleeping loop \"virtual-*\"");
    Files.write(file, lines, UTF_8);

    ImmutableList<String> output = output(ForkedJvm.start(Leaking.class, file.toString(), "on"));

    assertThat(output.get(output.size() - 1)).isEqualTo("failing: 0");
  }

  /** Accepts its own leaks if there is no file, and else checks them against it. */
  static final class Leaking {
    public static void main(String[] args) throws Exception {
      Path file = Path.of(args[0]);
      if (args[1].equals("on")) {
        var unused = LeakVerifier.recordOrigins();
      }
      String accepting = String.valueOf(!Files.exists(file));
      LeakWatch<Named> run =
          watch(options(Map.of("leak.accepted", args[0], "leak.acceptCurrent", accepting)));
      List<Thread> threads = new ArrayList<>();
      String name = "poller-" + ProcessHandle.current().pid();
      threads.add(ThreadForm.PLATFORM.start(name, Sleeper::backgroundWorker));
      if (ThreadForm.VIRTUAL.isThere()) {
        threads.add(ThreadForm.VIRTUAL.start("virtual-1", Sleeper::backgroundWorker));
      }
      ExecutorService pool = Executors.newFixedThreadPool(2);
      pool.submit(() -> threads.add(Thread.currentThread())).get();
      pool.submit(() -> threads.add(Thread.currentThread())).get();
      Timer timer = new Timer();
      CountDownLatch timerRuns = new CountDownLatch(1);
      timer.schedule(
          new TimerTask() {
            @Override
            public void run() {
              threads.add(Thread.currentThread());
              timerRuns.countDown();
            }
          },
          0);
      timerRuns.await();
      for (Thread thread : threads) {
        while (!thread.getState().toString().endsWith("WAITING")) {
          Thread.onSpinWait();
        }
      }
      int failing = endOf(run, "main").size();
      Files.readAllLines(file).stream()
          .filter(line -> line.matches("[0-9a-f].*"))
          .map(line -> line.replaceFirst("-\\S+ ", " ").replaceFirst(",.*", ""))
          .forEach(System.out::println);
      System.out.println("failing: " + failing);
      timer.cancel();
      System.exit(0);
    }
  }

  private static ImmutableList<String> output(Process process) throws Exception {
    ImmutableList<String> lines =
        new String(process.getInputStream().readAllBytes(), UTF_8)
            .lines()
            .collect(toImmutableList());
    assertWithMessage("%s", lines).that(process.waitFor()).isEqualTo(0);
    return lines;
  }

  private static LeakWatch<Named> watch(List<LeakOption> options) {
    LeakWatch<Named> watch =
        new LeakWatch<>(Check.JVM, Timeline.JVM, List.of(LeakVerifier.maxWait(Duration.ZERO)));
    watch.addOptions(options);
    return watch;
  }

  /** What fails of all that was started since the run began, which ends here. */
  private static List<LeakReport> endOf(LeakWatch<Named> run, String test) {
    run.appearedIn(new Named(test));
    List<LeakReport> failing = run.judge(any -> true).stream().map(Leak::report).toList();
    run.close();
    return failing;
  }

  private void accept(String name) {
    LeakWatch<Named> run = watch(accepting());
    try (BlockedThread old = BlockedThread.start(name)) {
      assertThat(endOf(run, "ShopTest.a")).isEmpty();
    }
  }

  private List<LeakOption> accepting() {
    return options(Map.of("leak.accepted", file.toString(), "leak.acceptCurrent", "true"));
  }

  private List<LeakOption> accepted() {
    return options(Map.of("leak.accepted", file.toString()));
  }

  private static List<LeakOption> options(Map<String, String> settings) {
    return LeakConfiguration.load("test", settings).options();
  }
}
