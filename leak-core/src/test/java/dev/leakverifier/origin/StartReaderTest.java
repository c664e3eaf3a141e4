package dev.leakverifier.origin;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leakverifier.testing.BlockedThread;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import jdk.jfr.EventType;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

public class StartReaderTest {
  private final PrintStream stderr = System.err;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private Path file = Path.of("");

  @BeforeMethod
  public void record() throws IOException {
    file = Files.createTempFile("starts", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable(StartReader.THREAD_START).withStackTrace();
      recording.start();
      BlockedThread.start("first").close();
      BlockedThread.start("second").close();
      recording.dump(file);
    }
    printed.reset();
    System.setErr(new PrintStream(printed, true, UTF_8));
  }

  @AfterMethod(alwaysRun = true)
  public void delete() throws IOException {
    System.setErr(stderr);
    Files.delete(file);
  }

  @Test
  public void leavesOutAStartWhoseThreadTheRecordingDoesNotTell() throws IOException {
    int all = read().size();
    loseAThread();

    assertThat(read()).hasSize(all - 1);
    assertThat(printed.toString(UTF_8)).isEmpty();
  }

  private List<ThreadStart> read() throws IOException {
    return new StartReader().read(file, Set.of());
  }

  /** Overwrites the number of a thread by one that stands for nobody, as the JVM may leave it. */
  private void loseAThread() throws IOException {
    EventType type =
        RecordingFile.readAllEvents(file).stream()
            .map(RecordedEvent::getEventType)
            .filter(each -> each.getName().equals(StartReader.THREAD_START))
            .findFirst()
            .orElseThrow();
    ByteBuffer chunk = ByteBuffer.wrap(Files.readAllBytes(file));
    int next = 68; // behind the header
    while (true) {
      chunk.position(next);
      int size = (int) number(chunk);
      next += size;
      if (number(chunk) == type.getId()) {
        number(chunk); // startTime
        number(chunk); // eventThread
        number(chunk); // stackTrace
        int from = chunk.position();
        number(chunk); // thread
        for (int i = from; i < chunk.position(); i++) {
          chunk.put(i, (byte) (chunk.get(i) | 0x7f));
        }
        Files.write(file, chunk.array());
        return;
      }
    }
  }

  private static long number(ByteBuffer chunk) {
    long number = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = chunk.get();
      number |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return number;
      }
    }
  }
}
