package dev.leakverifier.dump;

import com.google.common.primitives.ImmutableLongArray;
import dev.leakverifier.thread.ThreadLock;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Reads the threads of a dump that is JSON, in the form of the JVM's or of the actuator's. */
final class JsonThreads {
  private static final String BOTTOM_OF_VIRTUAL = "java.base/java.lang.VirtualThread.run(";

  /** What {@code StackTraceElement} takes for the line of a native method. */
  private static final int NATIVE_METHOD = -2;

  private final JsonValues json;
  private final DumpBuilder dump;
  private final LongPredicate wanted;
  private final FrameTexts texts = new FrameTexts();
  private boolean actuator;

  /** Stacks are read of those threads only whose ids are {@code wanted}. */
  JsonThreads(JsonValues json, DumpBuilder dump, LongPredicate wanted) {
    this.json = json;
    this.dump = dump;
    this.wanted = wanted;
  }

  /** They are of the actuator's form. */
  void ofActuator() {
    actuator = true;
    texts.modules(false); // as long as no frame has one
  }

  /** Most of a dump is in stacks, which nobody wants of threads that were there before. */
  void addIdIfVirtual(ImmutableLongArray.Builder ids) throws IOException {
    long id = -1;
    boolean virtual = false;
    boolean hasStack = false;
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "tid" -> id = json.number();
        case "virtual" -> virtual = json.bool();
        case "stack" -> {
          hasStack = true;
          if (virtual) {
            json.skip();
          } else {
            virtual = isOfVirtual();
          }
        }
        default -> json.skip();
      }
    }
    json.require(id >= 0, "tid");
    json.require(hasStack, "stack");
    if (virtual) {
      ids.add(id);
    }
  }

  /** Up to JDK 24 the bottom frame tells. */
  private boolean isOfVirtual() throws IOException {
    boolean virtual = false;
    json.beginArray();
    while (json.nextElement()) {
      virtual = json.string().startsWith(BOTTOM_OF_VIRTUAL);
    }
    return virtual;
  }

  /** The two forms have no member in common. */
  void add(Optional<String> container) throws IOException {
    long id = -1;
    String threadName = "";
    Thread.State state = null;
    boolean daemon = false;
    boolean virtual = false;
    List<StackTraceElement> stack = null;
    String lock = null;
    long owner = 0;
    List<ThreadLock> locked = new ArrayList<>();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "tid", "threadId" -> id = json.number();
        case "name", "threadName" -> threadName = json.string();
        case "state", "threadState" -> state = state(name);
        case "daemon" -> daemon = json.bool();
        case "virtual" -> virtual = json.bool();
        case "stack", "stackTrace" -> stack = wanted.test(id) ? stack() : skippedStack();
        case "blockedOn", "waitingOn", "lockName" -> lock = json.stringOrNull();
        case "parkBlocker" -> {
          json.beginObject();
          for (String of = json.nextName(); of != null; of = json.nextName()) {
            switch (of) {
              case "object" -> lock = json.stringOrNull();
              case "owner" -> owner = json.number(); // since JDK 26
              default -> json.skip();
            }
          }
        }
        case "lockOwnerId" -> owner = json.number(); // -1 for none
        case "monitorsOwned", "lockedMonitors", "lockedSynchronizers" -> addLocks(locked);
        default -> json.skip();
      }
    }
    json.require(id >= 0, actuator ? "threadId" : "tid");
    if (stack == null) {
      throw json.malformed("\"" + (actuator ? "stackTrace" : "stack") + "\" is missing");
    }
    ThreadSample.Builder sample =
        ThreadSample.builder(id, threadName, state == null ? StackStates.of(stack) : state)
            .daemon(daemon)
            .owner(container)
            .lock(lock(lock, owner))
            .frames(stack);
    boolean onVirtual =
        !stack.isEmpty()
            && FrameTexts.isJdks(stack.get(stack.size() - 1), "java.lang.VirtualThread.run");
    dump.add(virtual || onVirtual ? sample.virtual().build() : sample.build(), locked);
  }

  private Optional<ThreadLock> lock(@Nullable String identity, long owner) {
    return Optional.ofNullable(identity)
        .map(dump::lock)
        .map(lock -> owner > 0 ? lock.ownedBy(OptionalLong.of(owner)) : lock);
  }

  private Thread.State state(String member) throws IOException {
    String text = json.string();
    Optional<Thread.State> state = States.of(text);
    if (state.isEmpty()) {
      throw json.malformed(member + " \"" + text + "\" is not known");
    }
    return state.get();
  }

  private List<StackTraceElement> skippedStack() throws IOException {
    json.skip();
    return List.of();
  }

  private List<StackTraceElement> stack() throws IOException {
    List<StackTraceElement> stack = new ArrayList<>();
    json.beginArray();
    while (json.nextElement()) {
      StackTraceElement frame = actuator ? frameOfMembers() : frameOfText();
      if (FrameTexts.isShown(frame)) {
        stack.add(frame);
      }
    }
    return texts.stack(stack);
  }

  private StackTraceElement frameOfText() throws IOException {
    String text = json.string();
    StackTraceElement frame = texts.frame(text, ThreadHeader.Form.FILE);
    if (frame == null) {
      throw json.malformed("\"" + text + "\" is not a frame");
    }
    return frame;
  }

  private StackTraceElement frameOfMembers() throws IOException {
    String module = null;
    String className = "";
    String method = "";
    String file = null;
    long line = -1;
    json.beginObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
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
    return texts.inItsModule(
        new StackTraceElement(null, module, null, className, method, shownFile, (int) line));
  }

  /** The JVM's form has lists of locks by frame, the other one a list of locks. */
  private void addLocks(List<ThreadLock> locked) throws IOException {
    json.beginArray();
    while (json.nextElement()) {
      String className = "";
      long hash = 0;
      json.beginObject();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        switch (name) {
          case "locks" -> {
            json.beginArray();
            while (json.nextElement()) {
              String lock = json.stringOrNull(); // null: the compiler has done away with it
              if (lock != null) {
                locked.add(dump.lock(lock));
              }
            }
          }
          case "className" -> className = json.string();
          case "identityHashCode" -> hash = json.number();
          default -> json.skip();
        }
      }
      if (!className.isEmpty()) {
        locked.add(dump.lock(className, Long.toHexString(hash)));
      }
    }
  }
}
