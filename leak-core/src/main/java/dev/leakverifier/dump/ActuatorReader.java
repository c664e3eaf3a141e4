package dev.leakverifier.dump;

import dev.leakverifier.json.JsonReader;
import dev.leakverifier.json.MalformedJsonException;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the JSON of Spring Boot's {@code /actuator/threaddump}. */
final class ActuatorReader {
  /** What {@code StackTraceElement} takes for the line of a native method. */
  private static final int NATIVE_METHOD = -2;

  private final JsonReader json;
  private final DumpBuilder dump;
  private final FrameTexts texts = new FrameTexts();

  private ActuatorReader(JsonReader json, DumpBuilder dump) {
    this.json = json;
    this.dump = dump;
    texts.modules(false); // as long as no frame has one
  }

  /** Reads {@code in}, before which so many lines were passed over. */
  static void read(InputStream in, int linesBefore, DumpBuilder dump) throws IOException {
    JsonReader json = new JsonReader(in);
    dump.takenAtOnce();
    try {
      new ActuatorReader(json, dump).read();
    } catch (MalformedJsonException e) {
      dump.endsEarly(linesBefore + e.line(), e.problem());
    }
    if (dump.threadCount() == 0 && !dump.hasEndedEarly()) {
      dump.endsEarly(linesBefore + json.line(), "no thread is in it");
    }
  }

  private void read() throws IOException {
    json.beginObject();
    for (String member = json.nextName(); member != null; member = json.nextName()) {
      if (!member.equals("threads")) {
        json.skip();
        continue;
      }
      json.beginArray();
      while (json.nextElement()) {
        readThread();
      }
    }
    json.end();
  }

  private void readThread() throws IOException {
    long id = 0;
    String name = "";
    Thread.State state = Thread.State.RUNNABLE;
    boolean daemon = false;
    @Nullable String lock = null;
    long owner = 0;
    List<StackTraceElement> stack = List.of();
    List<DumpedLock> monitors = List.of();
    List<DumpedLock> synchronizers = List.of();
    json.beginObject();
    for (String member = json.nextName(); member != null; member = json.nextName()) {
      switch (member) {
        case "threadId" -> id = json.number();
        case "threadName" -> name = json.string();
        case "threadState" -> state = state(json.string());
        case "daemon" -> daemon = json.bool();
        case "lockName" -> lock = json.stringOrNull();
        case "lockOwnerId" -> owner = Math.max(0, json.number());
        case "stackTrace" -> stack = stack();
        case "lockedMonitors" -> monitors = locks();
        case "lockedSynchronizers" -> synchronizers = locks();
        default -> json.skip();
      }
    }
    dump.add(
        ThreadSample.builder(id, name, state).daemon(daemon).frames(stack).build(),
        lock == null ? null : new LockWait(kind(state, stack), dump.lock(lock), Optional.empty()),
        owner,
        monitors,
        synchronizers);
  }

  private Thread.State state(String text) throws IOException {
    return States.of(text)
        .orElseThrow(() -> json.malformed("threadState \"" + text + "\" is not known"));
  }

  private static LockWait.Kind kind(Thread.State state, List<StackTraceElement> stack) {
    if (state == Thread.State.BLOCKED) {
      return LockWait.Kind.ENTER;
    }
    return !stack.isEmpty() && stack.get(0).getClassName().equals("java.lang.Object")
        ? LockWait.Kind.NOTIFICATION
        : LockWait.Kind.PARK;
  }

  private List<StackTraceElement> stack() throws IOException {
    List<StackTraceElement> stack = new ArrayList<>();
    json.beginArray();
    while (json.nextElement()) {
      StackTraceElement frame = frame();
      if (FrameTexts.isShown(frame)) {
        stack.add(texts.withSharedTexts(frame));
      }
    }
    return texts.stack(List.copyOf(stack));
  }

  private StackTraceElement frame() throws IOException {
    @Nullable String module = null;
    String className = "";
    String method = "";
    @Nullable String file = null;
    long line = -1;
    json.beginObject();
    for (String member = json.nextName(); member != null; member = json.nextName()) {
      switch (member) {
        case "moduleName" -> {
          module = json.stringOrNull();
          texts.modules(true);
        }
        case "className" -> className = json.string();
        case "methodName" -> method = json.string();
        case "fileName" -> file = json.stringOrNull();
        case "lineNumber" -> line = json.number();
        default -> json.skip();
      }
    }
    if (className.isEmpty() || method.isEmpty()) {
      throw json.malformed("a frame has no className or no methodName");
    }
    String shownFile = line == NATIVE_METHOD ? null : file; // as texts have it
    return new StackTraceElement(null, module, null, className, method, shownFile, (int) line);
  }

  private List<DumpedLock> locks() throws IOException {
    List<DumpedLock> locks = new ArrayList<>();
    json.beginArray();
    while (json.nextElement()) {
      String className = "";
      long hash = 0;
      json.beginObject();
      for (String member = json.nextName(); member != null; member = json.nextName()) {
        switch (member) {
          case "className" -> className = json.string();
          case "identityHashCode" -> hash = json.number();
          default -> json.skip();
        }
      }
      locks.add(dump.lock(className + "@" + Long.toHexString(hash)));
    }
    return locks;
  }
}
