package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.MoreFiles;
import dev.leakverifier.AcceptedList.Entry;
import dev.leakverifier.diagnosis.Fingerprint;
import dev.leakverifier.testing.ForkedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

public class AcceptedFileTest {
  private static final int EACH = 20;

  private Path folder = Path.of("");

  @BeforeMethod
  public void makeFolder() throws IOException {
    folder = Files.createTempDirectory("accepted");
  }

  @AfterMethod
  public void deleteFolder() throws IOException {
    MoreFiles.deleteRecursively(folder);
  }

  @Test
  public void makesTheFileAndItsFolderAndLeavesNothingElseThere() throws IOException {
    Path path = folder.resolve("new").resolve("leaks.txt");
    AcceptedFile file = new AcceptedFile(path);

    assertThat(file.add(List.of(entry(1), entry(2)))).hasSize(2);
    assertThat(file.add(List.of(entry(2), entry(3)))).containsExactly(entry(3));

    assertThat(file.read()).containsExactly(entry(1), entry(2), entry(3)).inOrder();
    try (Stream<Path> files = Files.list(path.getParent())) {
      assertThat(files.toList()).containsExactly(path);
    }
  }

  @Test
  public void doesNotTouchAFileThatHasItAll() throws IOException {
    Path path = folder.resolve("leaks.txt");
    Files.writeString(path, "000000000001-0000", UTF_8);

    assertThat(new AcceptedFile(path).add(List.of(entry(1)))).isEmpty();
    assertThat(Files.readString(path, UTF_8)).isEqualTo("000000000001-0000");
  }

  /** Who started a thread may be known in one run only. */
  @Test
  public void takesALeakForTheSameThoughItsStarterIsNotKnown() throws IOException {
    AcceptedFile file = new AcceptedFile(folder.resolve("leaks.txt"));
    Entry started = Entry.of(new Fingerprint("000000000001", "1234"), "started by Shop.open");
    Entry startedElsewhere = Entry.of(new Fingerprint("000000000001", "4321"), "by Shop.close");

    assertThat(file.add(List.of(started, entry(1), startedElsewhere)))
        .containsExactly(started, startedElsewhere);
    assertThat(file.add(List.of(entry(1)))).isEmpty();
  }

  @Test
  public void losesNothingWhenThreadsAndJvmsWriteAtTheSameTime() throws Exception {
    Path path = folder.resolve("leaks.txt");
    List<Process> jvms = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      jvms.add(ForkedJvm.start(Writer.class, path.toString(), String.valueOf(i)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(3);
    List<Future<?>> writers = new ArrayList<>();
    for (int i = 2; i < 5; i++) {
      int writer = i;
      writers.add(
          threads.submit(
              () -> {
                Writer.write(path, writer);
                return null;
              }));
    }
    for (Future<?> writer : writers) {
      writer.get();
    }
    threads.shutdown();
    for (Process jvm : jvms) {
      assertThat(jvm.waitFor()).isEqualTo(0);
    }

    assertThat(new AcceptedFile(path).read()).hasSize(5 * EACH);
    assertThat(new AcceptedFile(path).read()).isInOrder(BY_FINGERPRINT);
  }

  private static final Comparator<Object> BY_FINGERPRINT =
      Comparator.comparing(entry -> ((Entry) entry).fingerprint().toString());

  static final class Writer {
    public static void main(String[] args) throws IOException {
      write(Path.of(args[0]), Integer.parseInt(args[1]));
    }

    static void write(Path path, int writer) throws IOException {
      AcceptedFile file = new AcceptedFile(path);
      for (int i = 0; i < EACH; i++) {
        file.add(List.of(entry(writer + 10 * i)));
      }
    }
  }

  private static Entry entry(int number) {
    return Entry.of(new Fingerprint("%012x".formatted(number), Fingerprint.UNKNOWN), "a leak");
  }
}
