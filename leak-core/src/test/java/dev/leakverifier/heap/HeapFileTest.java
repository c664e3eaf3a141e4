package dev.leakverifier.heap;

import static com.google.common.truth.Truth.assertThat;
import static org.testng.Assert.expectThrows;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.testng.annotations.Test;

/** What is said of files that are no whole heap dump. */
public class HeapFileTest {
  private static final String EXPECTED =
      " (a heap dump of HotSpot's is expected, as jcmd PID GC.heap_dump writes it)";

  @Test
  public void aSavedDumpTellsAsThisJvmDoes() throws Exception {
    long id = Thread.currentThread().getId();
    Path dump = dump();

    try (HeapDump opened = HeapDump.open(dump)) {
      assertThat(opened.heldBy(Set.of(id))).containsKey(id);
    }
    assertThat(Files.exists(dump)).isTrue();
  }

  @Test
  public void aDumpThatIsCutShortIsRefused() throws Exception {
    Path dump = dump();
    long whole = Files.size(dump);
    for (long length : new long[] {whole - 1, whole / 2, 100, 40}) {
      try (RandomAccessFile file = new RandomAccessFile(dump.toFile(), "rw")) {
        file.setLength(length);
      }

      assertThat(refusal(dump)).isEqualTo(dump + " cannot be read: it is cut short" + EXPECTED);
    }
  }

  @Test
  public void anotherFileIsRefused() throws Exception {
    Path text = Files.writeString(Files.createTempFile("other", ".hprof"), "no dump\n".repeat(99));
    Path empty = Files.createTempFile("empty", ".hprof");

    assertThat(refusal(text)).isEqualTo(text + " cannot be read: it is no heap dump" + EXPECTED);
    assertThat(refusal(empty)).isEqualTo(empty + " cannot be read: it is cut short" + EXPECTED);
  }

  @Test
  public void aDiskThatIsTooSmallGetsNoDump() {
    long megabyte = 1 << 20;

    IOException refused =
        expectThrows(
            IOException.class, () -> JvmHeap.checkRoom(90 * megabyte, /* heap= */ 60 * megabyte));

    assertThat(refused)
        .hasMessageThat()
        .isEqualTo(
            "a heap dump may need 92 MB, and %s has 90 MB free (java.io.tmpdir names another"
                    .formatted(System.getProperty("java.io.tmpdir"))
                + " folder)");
  }

  private static String refusal(Path file) {
    return String.valueOf(expectThrows(IOException.class, () -> ask(file)).getMessage());
  }

  private static void ask(Path file) throws IOException {
    try (HeapDump dump = HeapDump.open(file)) {
      dump.heldBy(Set.of(1L));
    }
  }

  private static Path dump() throws IOException {
    Path file = Files.createTempDirectory("heap").resolve("saved.hprof");
    file.toFile().deleteOnExit();
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(file.toString(), /* live= */ true);
    return file;
  }
}
