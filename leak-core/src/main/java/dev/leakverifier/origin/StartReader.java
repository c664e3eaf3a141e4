package dev.leakverifier.origin;

import static java.util.stream.Collectors.toUnmodifiableList;

import dev.leakverifier.host.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.jfr.EventType;
import jdk.jfr.consumer.EventStream;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedObject;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import org.jspecify.annotations.Nullable;

/** Reads the files of a flight recording, one after the other as they were written. */
final class StartReader {
  private static final Log LOG = Log.of(StartReader.class);

  static final String THREAD_START = "jdk.ThreadStart";

  /**
   * Who has which number in the recording, of those that lived when the last file was written: they
   * may have started what stands in the next one, which may not tell who they were.
   */
  private final Map<Long, Starter> starters = new HashMap<>();

  private record Starter(long id, String name) {
    static Starter of(RecordedThread thread) {
      return new Starter(
          thread.getJavaThreadId(), thread.getJavaName() == null ? "" : thread.getJavaName());
    }
  }

  /**
   * The thread starts in {@code file}.
   *
   * @param live the ids of the threads that lived just before it was written
   */
  List<ThreadStart> read(Path file, Set<Long> live) throws IOException {
    Map<Long, ThreadStart> starts = new LinkedHashMap<>(); // by number
    Map<Long, Long> told = new HashMap<>();
    Set<EventType> type = new HashSet<>();
    IdentityHashMap<RecordedStackTrace, List<StackTraceElement>> stacks = new IdentityHashMap<>();
    try (EventStream events = EventStream.openFile(file)) {
      events.setOrdered(false);
      events.onError(error -> LOG.debug("an event cannot be read", error)); // else it is printed
      events.onEvent(
          THREAD_START,
          event -> {
            type.add(event.getEventType());
            RecordedThread thread = event.getThread("thread");
            if (thread == null) { // seen with JDK 17, nobody knows of which
              return;
            }
            starters.put(thread.getId(), Starter.of(thread));
            RecordedThread starter = event.getThread("parentThread");
            if (starter != null) {
              told.put(thread.getId(), starter.getId());
              starters.put(starter.getId(), Starter.of(starter));
            }
            starts.put(thread.getId(), start(thread, starter, event.getStackTrace(), stacks));
          });
      events.start();
    }
    if (told.size() < starts.size()) {
      Map<Long, Long> numbers = StarterNumbers.read(file, type.iterator().next());
      if (numbers.entrySet().containsAll(told.entrySet())) { // else they would not be to be trusted
        starts.replaceAll(
            (number, start) ->
                start.starterId() == 0 ? withStarter(start, numbers.get(number)) : start);
      }
    }
    Set<Long> fresh = new HashSet<>(starts.keySet());
    starters
        .entrySet()
        .removeIf(each -> !live.contains(each.getValue().id()) && !fresh.contains(each.getKey()));
    return List.copyOf(starts.values());
  }

  private ThreadStart withStarter(ThreadStart start, @Nullable Long number) {
    Starter starter = number == null ? null : starters.get(number);
    return starter == null
        ? start
        : new ThreadStart(start.threadId(), starter.id(), starter.name(), start.frames());
  }

  private static ThreadStart start(
      RecordedThread thread,
      @Nullable RecordedThread starter,
      @Nullable RecordedStackTrace stack,
      IdentityHashMap<RecordedStackTrace, List<StackTraceElement>> stacks) {
    Starter known = starter == null ? new Starter(0, "") : Starter.of(starter);
    return new ThreadStart(
        thread.getJavaThreadId(),
        known.id(),
        known.name(),
        stack == null ? List.of() : stacks.computeIfAbsent(stack, StartReader::frames));
  }

  private static List<StackTraceElement> frames(RecordedStackTrace stack) {
    return stack.getFrames().stream()
        .filter(frame -> frame.isJavaFrame() && !frame.getMethod().isHidden())
        .map(StartReader::frame)
        .collect(toUnmodifiableList()); // of which a copy is the list itself
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
