package dev.leakverifier.dump;

import static java.util.stream.Collectors.toMap;

import dev.leakverifier.dump.ThreadDumpReader.Entry;
import dev.leakverifier.json.JsonReader;
import dev.leakverifier.json.RecentValues;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.StackStates;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the threads of one dump, each from the member that follows its id. */
final class DumpedThreads {
  private static final Map<String, Thread.State> STATES =
      Stream.of(Thread.State.values()).collect(toMap(Thread.State::name, state -> state));

  private final DumpedStacks stacks = new DumpedStacks();

  /** Where it is known already that the thread is virtual. */
  private final RecentValues<Boolean> skippedStacks =
      new RecentValues<>(
          json -> {
            json.skip();
            return true;
          });

  private final RecentValues<Boolean> judgedStacks =
      new RecentValues<>(
          json -> json.lastString().startsWith("java.base/java.lang.VirtualThread.run("));

  /**
   * Up to JDK 24 a virtual thread is told by its bottom frame. One without frames, which has not
   * begun to run, is not told then.
   */
  boolean isVirtual(JsonReader json) throws IOException {
    boolean virtual = false;
    boolean hasStack = false;
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (name.equals("virtual")) {
        virtual = json.bool();
      } else if (name.equals("stack")) {
        hasStack = true;
        virtual = (virtual ? skippedStacks : judgedStacks).next(json);
      } else {
        json.skip();
      }
    }
    if (!hasStack) {
      throw json.malformed("\"stack\" is missing");
    }
    return virtual;
  }

  /** What a thread has entered, of which nothing else is wanted. */
  static List<String> monitors(JsonReader json) throws IOException {
    List<String> monitors = List.of();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (name.equals("monitorsOwned")) {
        monitors = owned(json);
      } else {
        json.skip();
      }
    }
    return monitors;
  }

  /** What follows the id of a thread. */
  Entry read(JsonReader json, long id, Optional<String> owner) throws IOException {
    String threadName = "";
    Thread.State state = null;
    boolean virtual = false;
    List<StackTraceElement> stack = null;
    String blockedOn = null;
    String waitingOn = null;
    ParkBlocker parkBlocker = ParkBlocker.NONE;
    List<String> monitors = List.of();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "name" -> threadName = json.string();
        case "state" -> state = state(json);
        case "virtual" -> virtual = json.bool();
        case "stack" -> stack = stacks.next(json);
        case "blockedOn" -> blockedOn = json.stringOrNull();
        case "waitingOn" -> waitingOn = json.stringOrNull();
        case "parkBlocker" -> parkBlocker = ParkBlocker.read(json);
        case "monitorsOwned" -> monitors = owned(json);
        default -> json.skip();
      }
    }
    if (stack == null) {
      throw json.malformed("\"stack\" is missing");
    }
    if (state == null) {
      state = StackStates.of(stack);
    }
    ThreadSample.Builder sample =
        ThreadSample.builder(id, threadName, state).owner(owner).frames(stack);
    return new Entry(
        virtual || startsVirtually(stack) ? sample.virtual().build() : sample.build(),
        Optional.ofNullable(blockedOn),
        Optional.ofNullable(waitingOn),
        Optional.ofNullable(parkBlocker.object()),
        parkBlocker.owner(),
        monitors);
  }

  private static Thread.State state(JsonReader json) throws IOException {
    String text = json.string();
    Thread.State state = STATES.get(text);
    if (state == null) {
      throw json.malformed("state \"" + text + "\" is not known");
    }
    return state;
  }

  private static boolean startsVirtually(List<StackTraceElement> stack) {
    if (stack.isEmpty()) {
      return false;
    }
    StackTraceElement bottom = stack.get(stack.size() - 1);
    return StackFrames.isJdk(bottom)
        && StackFrames.isFunction(bottom, "java.lang.VirtualThread.run");
  }

  private static List<String> owned(JsonReader json) throws IOException {
    List<String> monitors = new ArrayList<>();
    json.beginArray();
    while (json.nextElement()) {
      json.beginObject();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        if (!name.equals("locks")) {
          json.skip();
          continue;
        }
        json.beginArray();
        while (json.nextElement()) {
          String monitor = json.stringOrNull(); // null: the compiler has done away with it
          if (monitor != null) {
            monitors.add(monitor);
          }
        }
      }
    }
    return monitors;
  }

  private record ParkBlocker(@Nullable String object, long owner) {
    static final ParkBlocker NONE = new ParkBlocker(null, 0);

    static ParkBlocker read(JsonReader json) throws IOException {
      String object = null;
      long owner = 0;
      json.beginObject();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        switch (name) {
          case "object" -> object = json.stringOrNull();
          case "owner" -> owner = json.number(); // since JDK 26
          default -> json.skip();
        }
      }
      return new ParkBlocker(object, owner);
    }
  }
}
