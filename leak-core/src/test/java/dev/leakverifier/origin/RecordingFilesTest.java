package dev.leakverifier.origin;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.leakverifier.LeakReport;
import dev.leakverifier.LeakScope;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.testing.BlockedThread;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.testng.SkipException;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** What is on the disk while a JVM records, and after it has ended. */
public class RecordingFilesTest {
  /** On Linux, a file system without any room. */
  private static final Path NO_ROOM = Path.of("/proc");

  private Path temp = Path.of("");

  @BeforeMethod
  public void makeTemp() throws IOException {
    temp = Files.createTempDirectory("recording-files");
  }

  @AfterMethod(alwaysRun = true)
  public void removeTemp() throws IOException {
    MoreFiles.deleteRecursively(temp, RecursiveDeleteOption.ALLOW_INSECURE);
  }

  @Test
  public void areForTheOwnerOnlyAndGoneAfterwards() throws Exception {
    assertThat(runJvm("exit")).contains("folder rwx------");
    assertThat(left()).isEmpty();
  }

  @Test
  public void areRemovedByTheNextJvmIfOneIsKilled() throws Exception {
    runJvm("halt");
    assertThat(left()).hasSize(1);
    Path others = Files.createDirectory(temp.resolve("2026_01_01_00_00_00_1"));

    runJvm("exit");
    assertThat(left()).containsExactly(others);
  }

  @Test
  public void areGoneWithoutATraceAfterATermination() throws Exception {
    Process jvm = startJvm("wait");
    BufferedReader output = jvm.inputReader(StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>();
    String line;
    while ((line = output.readLine()) != null) {
      lines.add(line);
      if (line.equals("recording")) {
        jvm.toHandle().destroy(); // in the middle of it; the output stays open
      }
    }

    assertThat(jvm.waitFor()).isEqualTo(143);
    assertThat(lines).contains("recording");
    assertThat(lines.stream().filter(each -> each.startsWith("\tat ")).toList()).isEmpty();
    assertThat(left()).isEmpty();
  }

  /** The flight recorder would end the JVM. */
  @Test
  public void areWrittenNoLongerWhereTheDiskIsFull() throws Exception {
    if (!Files.isDirectory(NO_ROOM)) {
      throw new SkipException("needs " + NO_ROOM);
    }

    String output = runJvm("full");

    assertThat(output).contains("ended, since /proc has 0 MB free, ");
    assertThat(output).contains("later: Optional.empty");
  }

  @Test
  public void areNotNeededToFindALeak() throws Exception {
    String output = runJvm("exit", "--limit-modules", "java.se");
    assertThat(output).contains("1 thread leaked");
    assertThat(output)
        .contains(
            "not seen: who started them: this Java runtime has no flight recorder (the"
                + " module jdk.jfr; on a module path, add --add-modules jdk.jfr)");
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(temp)) {
      return files.filter(file -> file.getFileName().toString().startsWith("20")).toList();
    }
  }

  private String runJvm(String end, String... options) throws Exception {
    Process jvm = startJvm(end, options);
    String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertWithMessage(output).that(jvm.waitFor()).isEqualTo(0);
    return output;
  }

  private Process startJvm(String end, String... options) throws IOException {
    List<String> command =
        ImmutableList.<String>builder()
            .add(Path.of(System.getProperty("java.home"), "bin", "java").toString())
            .add("-Djava.io.tmpdir=" + temp)
            .add(options)
            .add("-cp", System.getProperty("java.class.path"))
            .add(Recorder.class.getName(), end)
            .build();
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Records, finds a leak, and ends as it is told to. */
  static final class Recorder {
    private Recorder() {}

    public static void main(String[] args) throws IOException {
      try (LeakScope scope =
              LeakVerifier.scope(
                  LeakVerifier.recordOrigins(), LeakVerifier.maxWait(Duration.ZERO));
          BlockedThread leak = BlockedThread.start("leak")) {
        LeakReport report = scope.check();
        System.out.println(report);
        System.out.println(leak.thread());
      }
      String folder = System.getProperty("jdk.jfr.repository");
      if (folder != null) {
        System.out.println(
            "folder "
                + PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(folder))));
      }
      if (args[0].equals("full")) {
        System.setProperty(RecordingFiles.FOLDER_PROPERTY, NO_ROOM.toString());
        while (OriginRecorder.JVM.isOn()) { // it looks each second
          Thread.onSpinWait();
        }
        System.out.println("ended, since " + OriginRecorder.JVM.failure().orElseThrow());
        try (BlockedThread later = BlockedThread.start("later")) {
          System.out.println("later: " + OriginRecorder.JVM.originOf(later.thread().getId()));
        }
      }
      if (args[0].equals("halt")) {
        Runtime.getRuntime().halt(0);
      }
      while (args[0].equals("wait")) {
        try (LeakScope scope = LeakVerifier.scope(LeakVerifier.recordOrigins());
            BlockedThread starts = BlockedThread.start("starts")) {
          LeakVerifier.find(LeakVerifier.maxWait(Duration.ZERO));
          System.out.println("recording");
        }
      }
    }
  }
}
