package dev.leakverifier.origin;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;

import dev.leakverifier.testing.BlockedThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import jdk.jfr.EventType;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

public class StarterNumbersTest {
  private final Map<Long, Long> told = new HashMap<>();
  private Path file = Path.of("");
  private @Nullable EventType threadStart;

  @BeforeMethod
  public void recordInSeveralParts() throws IOException {
    file = Files.createTempFile("starters", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable(StartReader.THREAD_START).withStackTrace();
      recording.start();
      for (int i = 0; i < 3; i++) {
        BlockedThread.start("part " + i).close();
        recording.dump(file); // begins a new part
      }
    }
    told.clear();
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      RecordedThread starter = event.getThread("parentThread");
      if (event.getEventType().getName().equals(StartReader.THREAD_START) && starter != null) {
        threadStart = event.getEventType();
        told.put(event.getThread("thread").getId(), starter.getId());
      }
    }
  }

  @AfterMethod(alwaysRun = true)
  public void deleteFile() throws IOException {
    Files.delete(file);
  }

  @Test
  public void areThoseThatTheFlightRecorderTells() throws IOException {
    assertThat(told.size()).isAtLeast(3);
    assertThat(StarterNumbers.read(file, requireNonNull(threadStart)))
        .containsAtLeastEntriesIn(told);
  }

  @Test
  public void areNotReadFromAFileThatIsCutOffOrNoRecording() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertThat(StarterNumbers.read(file, requireNonNull(threadStart))).isEmpty();

    Files.writeString(file, "no recording");
    assertThat(StarterNumbers.read(file, requireNonNull(threadStart))).isEmpty();

    Files.write(file, new byte[1_000]);
    assertThat(StarterNumbers.read(file, requireNonNull(threadStart))).isEmpty();
  }
}
