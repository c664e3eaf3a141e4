package dev.leakverifier.origin;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** The flight recorder ends a JVM whose disk is full: so it is not started, or ended, before. */
public class RecordingRoomTest {
  private Path folder = Path.of("");

  @BeforeMethod
  public void makeFolder() throws IOException {
    folder = Files.createTempDirectory("room");
  }

  @AfterMethod(alwaysRun = true)
  public void removeFolder() throws IOException {
    MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
  }

  @Test
  public void isInAnEverydayFolderAndInOneThatIsNotThereYet() throws IOException {
    assertThat(RecordingRoom.whyNotStart(folder)).isEqualTo(Optional.empty());
    assertThat(RecordingRoom.whyNotGoOn(folder)).isEqualTo(Optional.empty());
    assertThat(RecordingRoom.whyNotStart(folder.resolve("not/there"))).isEqualTo(Optional.empty());
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.toList()).isEmpty();
    }
  }

  @Test
  public void isNoneWhereAFileIs() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThat(RecordingRoom.whyNotStart(file.resolve("below")).orElseThrow())
        .startsWith("the flight recorder cannot write into " + file + ": ");
  }

  @Test
  public void isToldInMegabytesWhereItIsShort() throws IOException {
    assertThat(RecordingRoom.shortage(folder, 0)).isEqualTo(Optional.empty());
    assertThat(RecordingRoom.shortage(folder, 1L << 60).orElseThrow())
        .matches(
            folder
                + " has \\d+ MB free, and the flight recorder needs 1099511627776 \\(it ends a JVM"
                + " whose disk is full\\)");
  }
}
