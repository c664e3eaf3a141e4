package dev.leakverifier.origin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;

/**
 * A flight recording of thread starts.
 *
 * <p>It is a recording of its own beside those of the user. All recordings of a JVM share their
 * files, so each may hold more than it asked for; nothing is taken out of another one. But a
 * recording that is kept in memory loses its data when another one is read: beside such a one of
 * the user's this one is not made, and it ends when such a one starts.
 */
final class ThreadStartRecording implements AutoCloseable {
  /** What the flight recorder keeps on disk for this recording, in bytes; the oldest goes first. */
  private static final long MAX_SIZE = 32 << 20;

  private final Recording recording;
  private final Consumer<String> ended;
  private final FlightRecorderListener yielding;
  private final StartReader starts = new StartReader();
  private Instant read = Instant.EPOCH;

  private ThreadStartRecording(Recording recording, Consumer<String> ended) {
    this.recording = recording;
    this.ended = ended;
    this.yielding =
        new FlightRecorderListener() {
          @Override
          public void recordingStateChanged(Recording other) {
            if (isInMemory(other)) {
              ended.accept(whyNotBeside(other));
              close();
            }
          }
        };
    FlightRecorder.addListener(yielding);
  }

  /**
   * Starts to record; takes some tenths of a second the first time in a JVM.
   *
   * @param ended told why, if the recording has to end by itself
   * @throws IllegalStateException if it cannot be started; the message says why
   */
  static ThreadStartRecording start(Consumer<String> ended) {
    if (!FlightRecorder.isAvailable()) {
      throw new IllegalStateException("the flight recorder is not available in this JVM");
    }
    boolean first = !FlightRecorder.isInitialized();
    RecordingRoom.whyNotStart(RecordingRoom.folder())
        .ifPresent(
            why -> {
              throw new IllegalStateException(why);
            });
    for (Recording other : FlightRecorder.getFlightRecorder().getRecordings()) {
      if (isInMemory(other)) {
        throw new IllegalStateException(whyNotBeside(other));
      }
    }
    Recording recording = new Recording();
    recording.setName("LeakVerifier");
    recording.setToDisk(true);
    recording.setMaxSize(MAX_SIZE);
    recording.enable(StartReader.THREAD_START).withStackTrace();
    recording.start();
    if (first) {
      RecordingFiles.keepPrivate();
    }
    return new ThreadStartRecording(recording, ended);
  }

  /** Ends the recording where it would soon fill the disk, and says so. */
  void endIfShortOfRoom() throws IOException {
    RecordingRoom.whyNotGoOn(RecordingRoom.folder())
        .ifPresent(
            why -> {
              ended.accept(why);
              close();
            });
  }

  private static boolean isInMemory(Recording recording) {
    return recording.getState() == RecordingState.RUNNING && !recording.isToDisk();
  }

  private static String whyNotBeside(Recording other) {
    return "the flight recording \"%s\" is kept in memory, and would lose its data (start it with disk=true)"
        .formatted(other.getName());
  }

  /**
   * What was recorded since the last time.
   *
   * @param live the ids of the threads that have just been alive
   */
  List<ThreadStart> readOn(Set<Long> live) throws IOException {
    Path file = Files.createTempFile("leakverifier-", ".jfr"); // only its owner may read it
    try (Recording snapshot = FlightRecorder.getFlightRecorder().takeSnapshot()) {
      Instant end = snapshot.getStopTime();
      // A nanosecond later, since the part of the file that ended then has been read.
      try (InputStream recorded = snapshot.getStream(read.plusNanos(1), null)) {
        if (recorded == null) {
          return List.of();
        }
        Files.copy(recorded, file, StandardCopyOption.REPLACE_EXISTING);
      }
      read = end;
      return starts.read(file, live);
    } finally {
      Files.delete(file);
    }
  }

  @Override
  public void close() {
    FlightRecorder.removeListener(yielding);
    recording.close();
  }
}
