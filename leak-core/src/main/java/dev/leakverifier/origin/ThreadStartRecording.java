package dev.leakverifier.origin;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import jdk.jfr.consumer.EventStream;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedObject;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import org.jspecify.annotations.Nullable;

/**
 * A flight recording of thread starts; the only class that needs the module {@code jdk.jfr}.
 *
 * <p>It is a recording of its own beside those of the user. All recordings of a JVM share their
 * files, so each may hold more than it asked for; nothing is taken out of another one. But a
 * recording that is kept in memory loses its data when another one is read: beside such a one of
 * the user's this one is not made, and it ends when such a one starts.
 */
final class ThreadStartRecording implements AutoCloseable {
  /** What the flight recorder keeps on disk for this recording, in bytes; the oldest goes first. */
  private static final long MAX_SIZE = 32 << 20;

  private static final String THREAD_START = "jdk.ThreadStart";

  private final Recording recording;
  private final FlightRecorderListener yielding;
  private Instant read = Instant.EPOCH;

  private ThreadStartRecording(Recording recording, Consumer<String> ended) {
    this.recording = recording;
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
    for (Recording other : FlightRecorder.getFlightRecorder().getRecordings()) {
      if (isInMemory(other)) {
        throw new IllegalStateException(whyNotBeside(other));
      }
    }
    Recording recording = new Recording();
    recording.setName("LeakVerifier");
    recording.setToDisk(true);
    recording.setMaxSize(MAX_SIZE);
    recording.enable(THREAD_START).withStackTrace();
    recording.start();
    if (first) {
      RecordingFiles.keepPrivate();
    }
    return new ThreadStartRecording(recording, ended);
  }

  private static boolean isInMemory(Recording recording) {
    return recording.getState() == RecordingState.RUNNING && !recording.isToDisk();
  }

  private static String whyNotBeside(Recording other) {
    return "the flight recording \"%s\" is kept in memory, and would lose its data (start it with disk=true)"
        .formatted(other.getName());
  }

  /** What was recorded since the last time. */
  List<ThreadStart> readOn() throws IOException {
    Path file = Files.createTempFile("leakverifier-", ".jfr"); // only its owner may read it
    try (Recording snapshot = FlightRecorder.getFlightRecorder().takeSnapshot()) {
      Instant end = snapshot.getStopTime();
      // A nanosecond later, since the part of the file that ended then has been read.
      try (InputStream recorded = snapshot.getStream(read.plusNanos(1), null)) {
        if (recorded == null) {
          return ImmutableList.of();
        }
        Files.copy(recorded, file, StandardCopyOption.REPLACE_EXISTING);
      }
      read = end;
      return starts(file);
    } finally {
      Files.delete(file);
    }
  }

  @Override
  public void close() {
    FlightRecorder.removeListener(yielding);
    recording.close();
  }

  private static List<ThreadStart> starts(Path file) throws IOException {
    ImmutableList.Builder<ThreadStart> starts = ImmutableList.builder();
    IdentityHashMap<RecordedStackTrace, ImmutableList<StackTraceElement>> stacks =
        new IdentityHashMap<>();
    try (EventStream events = EventStream.openFile(file)) {
      events.setOrdered(false);
      events.onEvent(THREAD_START, event -> starts.add(start(event, stacks)));
      events.start();
    }
    return starts.build();
  }

  private static ThreadStart start(
      RecordedEvent event,
      IdentityHashMap<RecordedStackTrace, ImmutableList<StackTraceElement>> stacks) {
    Optional<RecordedThread> starter = Optional.ofNullable(event.getThread("parentThread"));
    RecordedStackTrace stack = event.getStackTrace();
    return new ThreadStart(
        event.getThread("thread").getJavaThreadId(),
        starter.map(RecordedThread::getJavaThreadId).orElse(0L),
        starter.map(RecordedThread::getJavaName).orElse(""),
        stack == null
            ? ImmutableList.of()
            : stacks.computeIfAbsent(stack, ThreadStartRecording::frames));
  }

  private static ImmutableList<StackTraceElement> frames(RecordedStackTrace stack) {
    return stack.getFrames().stream()
        .filter(frame -> frame.isJavaFrame() && !frame.getMethod().isHidden())
        .map(ThreadStartRecording::frame)
        .collect(ImmutableList.toImmutableList());
  }

  private static StackTraceElement frame(RecordedFrame frame) {
    RecordedClass type = frame.getMethod().getType();
    return new StackTraceElement(
        null,
        module(type),
        null,
        type.getName(),
        frame.getMethod().getName(),
        fileOf(type.getName()),
        frame.getLineNumber());
  }

  private static @Nullable String module(RecordedClass type) {
    RecordedObject inPackage = type.getValue("package");
    RecordedObject module = inPackage == null ? null : inPackage.getValue("module");
    return module == null ? null : module.getString("name");
  }

  /** The file that a Java class is written in; the flight recorder does not tell. */
  private static String fileOf(String className) {
    String simpleName = className.substring(className.lastIndexOf('.') + 1);
    int nested = simpleName.indexOf('$', 1);
    return (nested < 0 ? simpleName : simpleName.substring(0, nested)) + ".java";
  }
}
