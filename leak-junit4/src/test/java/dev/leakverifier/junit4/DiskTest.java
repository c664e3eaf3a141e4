package dev.leakverifier.junit4;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.Assume.assumeTrue;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.testing.ClassPath;
import dev.leakverifier.testing.ForkedJvm;
import dev.leakverifier.testing.ForkedJvm.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A file that cannot be written costs a line, and neither the verdict nor the JVM. */
public class DiskTest {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void losesFilesButNoVerdictWhereTheDiskIsFull() throws Exception {
    assumeTrue("needs a shell", Files.exists(Path.of("/bin/sh")));
    Path accepted = folder.newFile("accepted.txt").toPath();
    Files.writeString(accepted, "# a long comment\n".repeat(100));

    Ended jvm =
        ForkedJvm.runOnAFullDisk(
            options("-XX:-UsePerfData", "-Dleak.accepted=" + accepted, "-Dleak.acceptCurrent=true"),
            DiskSamples.Run.class);
    assertFails(jvm);
    assertThat(jvm.out()).contains("not seen: who started them: the flight recorder cannot write");
    assertThat(jvm.out()).contains("nothing is accepted: " + accepted + " cannot be used: ");
    assertThat(jvm.out()).contains("the report of the run cannot be written to " + report());
    assertThat(Files.readString(accepted)).isEqualTo("# a long comment\n".repeat(100));
    assertThat(folder.getRoot().list()).asList().containsExactly("accepted.txt", "report");
    assertThat(report().toFile().list()).isEmpty();
  }

  @Test
  public void needsNoFolderForTemporaryFiles() throws Exception {
    Path file = folder.newFile("file").toPath();

    Ended jvm =
        ForkedJvm.run(
            ClassPath.ofTests(), options("-Djava.io.tmpdir=" + file), DiskSamples.Run.class);
    assertFails(jvm);
    assertThat(jvm.out()).contains("not seen: who started them: the flight recorder cannot write");
    assertThat(jvm.out()).contains("\n\nmore: ");
    assertThat(Files.exists(report().resolve("leak-report.html"))).isTrue();
  }

  @Test
  public void acceptsWithoutAFolderForTemporaryFiles() throws Exception {
    Path file = folder.newFile("file").toPath();
    Path accepted = folder.getRoot().toPath().resolve("new");

    Ended jvm =
        ForkedJvm.run(
            ClassPath.ofTests(),
            options(
                "-Djava.io.tmpdir=" + file,
                "-Dleak.accepted=" + accepted,
                "-Dleak.acceptCurrent=true"),
            DiskSamples.Run.class);
    assertWithMessage(jvm.err()).that(jvm.exitCode()).isEqualTo(0);
    assertThat(Files.readString(accepted)).contains("left by DiskSamples.Leaks.first");
    assertThat(Files.readString(accepted)).contains("left by DiskSamples.Leaks.second");
  }

  private Path report() {
    return folder.getRoot().toPath().resolve("report");
  }

  private ImmutableList<String> options(String... more) {
    return ImmutableList.<String>builder().add("-Dleak.reportDir=" + report()).add(more).build();
  }

  private static void assertFails(Ended jvm) {
    assertWithMessage(jvm.err()).that(jvm.exitCode()).isEqualTo(2);
    assertThat(jvm.out()).contains("first: 1 thread leaked by ");
    assertThat(jvm.out()).contains("second: 1 thread leaked by ");
    assertThat(jvm.out() + jvm.err()).doesNotContain("\tat ");
  }
}
