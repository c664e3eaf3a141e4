package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static dev.leakverifier.testing.ThreadForm.VIRTUAL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.ForkedJvm;
import dev.leakverifier.testing.ThreadForm;
import dev.leakverifier.testing.VirtualThreadTests;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** Checks in JVMs of their own, started with options that change what can be seen. */
public class ForkedJvmTest extends VirtualThreadTests {
  private static final LeakOption AT_ONCE = LeakVerifier.maxWait(Duration.ZERO);

  private Path temporary = Path.of("");

  @BeforeMethod
  public void makeFolder() throws IOException {
    temporary = Files.createTempDirectory("forked");
  }

  @AfterMethod
  public void nothingIsLeftInTheFolderForTemporaryFiles() throws IOException {
    Files.delete(temporary); // fails if it is not empty
  }

  /**
   * The threads themselves are the same heap in both: what is left beside them is what the check
   * may use.
   */
  @Test
  public void checksAHundredThousandWithAHeapOf64MebibytesBesideThem() throws Exception {
    // Parked threads keep their stacks in the heap: what 100,000 of them need was measured.
    long parked = Long.parseLong(run(Park.class, "-Xmx1g").strip()) >> 20;

    assertThat(run(CheckAHundredThousand.class, "-Xmx" + (parked + 64) + "m"))
        .isEqualTo("no thread leaked\n[leaked]\n");
  }

  static final class Park {
    public static void main(String[] args) {
      List<Thread> threads = park(100_000);
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      System.out.println(runtime.totalMemory() - runtime.freeMemory());
      threads.clear();
    }
  }

  static final class CheckAHundredThousand {
    public static void main(String[] args) {
      List<Thread> threads = park(100_000);
      LeakScope scope = LeakVerifier.scope(AT_ONCE);
      System.out.println(scope.check());
      Thread leaked = VIRTUAL.start("leaked", ForkedJvmTest::waitForever);
      LeakReport report = scope.check();
      System.out.println(names(report) + notSeen(report));
      leaked.interrupt();
      threads.clear();
    }
  }

  @Test
  public void saysWhatIsNotSeenWhereTheJvmDoesNotTrackAllThreads() throws Exception {
    assertThat(run(Untracked.class, "-Djdk.trackAllThreads=false"))
        .isEqualTo(
            ThreadForm.dump().equals("heap dump")
                ? "[in an executor, platform, unseen]\n\n"
                : """
                [in an executor, platform]
                not seen: virtual threads that belong to no executor: this JVM runs with \
                -Djdk.trackAllThreads=false
                """);
  }

  static final class Untracked {
    public static void main(String[] args) throws Exception {
      LeakScope scope = LeakVerifier.scope(AT_ONCE);
      ExecutorService executor = ThreadForm.virtualThreadPerTaskExecutor();
      CountDownLatch running = new CountDownLatch(1);
      executor.execute(
          () -> {
            Thread.currentThread().setName("in an executor");
            running.countDown();
            waitForever();
          });
      running.await();
      try (BlockedThread platform = ThreadForm.PLATFORM.startBlocked("platform");
          BlockedThread unseen = VIRTUAL.startBlocked("unseen")) {
        LeakReport report = scope.check();
        System.out.println(names(report));
        System.out.println(notSeen(report));
      }
      executor.shutdownNow();
    }
  }

  @Test
  public void checksPlatformThreadsWhereTheJvmCannotDump() throws Exception {
    assertThat(run(Undumped.class, "--limit-modules", "java.base,java.management"))
        .isEqualTo(
            """
            [platform]
            not seen: virtual threads: no %s could be read (this JVM has no \
            HotSpotDiagnosticMXBean.%s)
            """
                .formatted(ThreadForm.dump(), ThreadForm.dumpMethod()));
  }

  @Test
  public void checksPlatformThreadsWhereThereIsNoPlaceForTheDump() throws Exception {
    assertThat(run(Undumped.class, "-Djava.io.tmpdir=/nowhere/at/all"))
        .isEqualTo(
            """
            [platform]
            not seen: virtual threads: no %s could be read \
            (java.nio.file.NoSuchFileException in /nowhere/at/all)
            """
                .formatted(ThreadForm.dump()));
  }

  static final class Undumped {
    public static void main(String[] args) {
      LeakScope scope = LeakVerifier.scope(AT_ONCE);
      try (BlockedThread platform = ThreadForm.PLATFORM.startBlocked("platform");
          BlockedThread unseen = VIRTUAL.startBlocked("unseen")) {
        LeakReport report = scope.check();
        System.out.println(names(report));
        System.out.println(notSeen(report));
      }
    }
  }

  @Test
  public void saysWhatIsNotSeenWhereVirtualThreadsAreBoundToPlatformThreads() throws Exception {
    assertThat(
            run(
                Untracked.class,
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:+UnlockExperimentalVMOptions",
                "-XX:-VMContinuations"))
        .isEqualTo(
            ThreadForm.dump().equals("heap dump")
                ? "[in an executor, platform, unseen]\n\n"
                : """
                [in an executor, platform]
                not seen: virtual threads that belong to no executor: this JVM binds each virtual \
                thread to a platform thread
                """);
  }

  @Test
  public void takesNoDumpAndSaysNothingWhereNoVirtualThreadWasMade() throws Exception {
    assertThat(run(PlatformOnly.class, "-Djava.io.tmpdir=/nowhere/at/all"))
        .isEqualTo("no thread leaked\nno thread leaked\n");
  }

  static final class PlatformOnly {
    public static void main(String[] args) {
      System.out.println(LeakVerifier.scope(AT_ONCE).check());
      System.out.println(LeakVerifier.find());
    }
  }

  @Test
  public void takesNoDumpWhereItIsOnlyRecordedWhoStartsThreads() throws Exception {
    assertThat(run(Recorded.class)).isEqualTo("no thread leaked\nfalse\ntrue\n");
  }

  static final class Recorded {
    public static void main(String[] args) throws Exception {
      System.out.println(LeakVerifier.find(LeakVerifier.recordOrigins()));
      System.out.println(hasDumped());
      try (BlockedThread leaked = VIRTUAL.startBlocked("leaked")) {
        var unused = LeakVerifier.find(AT_ONCE);
      }
      System.out.println(hasDumped()); // as proof that it would be seen
    }

    private static boolean hasDumped() throws IOException {
      try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
        return files.anyMatch(file -> file.getFileName().toString().startsWith("leakverifier"));
      }
    }
  }

  private String run(Class<?> main, String... options) throws Exception {
    Process process =
        ForkedJvm.start(
            ImmutableList.<String>builder()
                .add("-Djava.io.tmpdir=" + temporary)
                .add(options)
                .build(),
            main);
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isEqualTo(0);
    return output;
  }

  private static List<Thread> park(int count) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      threads.add(VIRTUAL.start("", ForkedJvmTest::waitForever));
    }
    for (Thread thread : threads) {
      while (thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
    return threads;
  }

  private static void waitForever() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> names(LeakReport report) {
    return report.threads().stream().map(ThreadSample::name).sorted().toList();
  }

  private static String notSeen(LeakReport report) {
    return report
        .toString()
        .lines()
        .filter(line -> line.startsWith("not seen: virtual threads"))
        .collect(joining("\n"));
  }
}
