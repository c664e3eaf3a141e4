package dev.leakverifier.host;

import static com.google.common.truth.Truth.assertThat;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.testng.annotations.Test;

public class PrivateFolderTest {
  @Test
  public void onlyItsUserCanEnterTheFolder() throws Exception {
    Path folder = PrivateFolder.newFile().getParent();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
  }

  @Test
  public void whatAKilledJvmLeftIsRemovedAndWhatOthersHaveStays() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    assertThat(ended.waitFor(60, SECONDS)).isTrue();
    Path place = Files.createTempDirectory("place");
    Path left = folder(place, "leakverifier-" + ended.pid() + "-1234", "dump-1.hprof");
    Path ofLiveJvm =
        folder(place, "leakverifier-" + ProcessHandle.current().pid() + "-1234", "dump-1.hprof");
    Path ofOthers = folder(place, "leakverifier-notes", "dump-1.hprof");
    Path withMore = folder(place, "leakverifier-" + ended.pid() + "-5678", "notes.txt");

    PrivateFolder.removeLeftOnes(place);

    assertThat(Files.exists(left)).isFalse();
    assertThat(Files.exists(ofLiveJvm.resolve("dump-1.hprof"))).isTrue();
    assertThat(Files.exists(ofOthers.resolve("dump-1.hprof"))).isTrue();
    assertThat(Files.exists(withMore.resolve("notes.txt"))).isTrue();
  }

  private static Path folder(Path place, String name, String file) throws Exception {
    Path folder = Files.createDirectory(place.resolve(name));
    Files.writeString(folder.resolve(file), "all that it knew");
    return folder;
  }
}
