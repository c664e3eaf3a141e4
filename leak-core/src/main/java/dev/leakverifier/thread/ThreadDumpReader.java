package dev.leakverifier.thread;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Interner;
import com.google.common.collect.Interners;
import com.google.common.collect.Iterables;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the thread dump that a JVM writes as JSON, as a stream: containers, which hold threads,
 * which hold frames.
 *
 * <p>Takes the forms of JDK 21 to 25. Up to JDK 24 it tells neither a thread's state nor which are
 * virtual; later, numbers may stand without quotes. Members that are not known are passed over; a
 * member that is missing, an order that is not known, or anything that is no JSON makes the whole
 * dump worthless, which an {@link IOException} says.
 */
final class ThreadDumpReader {
  /** The newest form that is known; forms without a number are older. */
  private static final long KNOWN_FORMAT = 2;

  private static final String ROOT = "<root>";

  private final JsonReader json;
  private final Visitor visitor;

  private ThreadDumpReader(InputStream in, Visitor visitor) {
    this.json = new JsonReader(in);
    this.visitor = visitor;
  }

  /** Takes the members of one thread that follow its id. */
  private interface Visitor {
    void thread(JsonReader json, long id, String container) throws IOException;
  }

  /** The ids of all virtual threads, in ascending order. */
  static long[] virtualIds(InputStream in) throws IOException {
    LongStream.Builder ids = LongStream.builder();
    new ThreadDumpReader(
            in,
            (json, id, container) -> {
              if (isVirtual(json)) {
                ids.add(id);
              }
            })
        .read();
    return ids.build().sorted().distinct().toArray();
  }

  /** What those virtual threads look like that have the {@code ids}. */
  static ImmutableList<ThreadSample> samples(InputStream in, Set<Long> ids) throws IOException {
    ImmutableList.Builder<ThreadSample> samples = ImmutableList.builder();
    Frames frames = new Frames();
    new ThreadDumpReader(
            in,
            (json, id, container) -> {
              if (ids.contains(id)) {
                samples.add(sample(json, id, container, frames));
              } else {
                skipMembers(json);
              }
            })
        .read();
    return samples.build();
  }

  /** What all virtual threads look like. */
  static ImmutableList<ThreadSample> virtualSamples(InputStream in) throws IOException {
    ImmutableList.Builder<ThreadSample> samples = ImmutableList.builder();
    Frames frames = new Frames();
    new ThreadDumpReader(
            in,
            (json, id, container) ->
                virtualSample(json, id, container, frames).ifPresent(samples::add))
        .read();
    return samples.build();
  }

  private void read() throws IOException {
    boolean found = false;
    json.beginObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (name.equals("threadDump")) {
        readDump();
        found = true;
      } else {
        json.skip();
      }
    }
    json.end();
    require(found, "threadDump");
  }

  private void readDump() throws IOException {
    boolean found = false;
    json.beginObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "formatVersion" -> {
          long version = json.number();
          if (version > KNOWN_FORMAT) {
            throw json.malformed("formatVersion " + version + " is not known");
          }
        }
        case "threadContainers" -> {
          json.beginArray();
          while (json.nextElement()) {
            readContainer();
          }
          found = true;
        }
        default -> json.skip();
      }
    }
    require(found, "threadContainers");
  }

  private void readContainer() throws IOException {
    String container = null;
    boolean found = false;
    json.beginObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "container" -> container = json.string();
        case "threads" -> {
          require(container != null, "container");
          json.beginArray();
          while (json.nextElement()) {
            readThread(container == null ? "" : container);
          }
          found = true;
        }
        default -> json.skip();
      }
    }
    require(found, "threads");
  }

  private void readThread(String container) throws IOException {
    json.beginObject();
    require("tid".equals(json.nextName()), "tid");
    visitor.thread(json, json.number(), container);
  }

  private void require(boolean found, String member) throws IOException {
    if (!found) {
      throw json.malformed("\"" + member + "\" is missing");
    }
  }

  /**
   * Up to JDK 24 a virtual thread is told by its bottom frame. One without frames, which has not
   * begun to run, is not told then.
   */
  private static boolean isVirtual(JsonReader json) throws IOException {
    boolean virtual = false;
    boolean hasStack = false;
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (name.equals("virtual")) {
        virtual = json.bool();
      } else if (name.equals("stack")) {
        hasStack = true;
        if (virtual) {
          json.skip();
        } else {
          virtual = json.lastString().startsWith("java.base/java.lang.VirtualThread.run(");
        }
      } else {
        json.skip();
      }
    }
    if (!hasStack) {
      throw json.malformed("\"stack\" is missing");
    }
    return virtual;
  }

  private static ThreadSample sample(JsonReader json, long id, String container, Frames frames)
      throws IOException {
    String threadName = "";
    Thread.State state = null;
    ImmutableList<StackTraceElement> stack = null;
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "name" -> threadName = json.string();
        case "state" -> state = state(json);
        case "stack" -> stack = frames.read(json);
        default -> json.skip();
      }
    }
    if (stack == null) {
      throw json.malformed("\"stack\" is missing");
    }
    return ThreadSample.ofVirtual(
        id,
        threadName,
        state == null ? stateOf(stack) : state,
        container.equals(ROOT) ? Optional.empty() : Optional.of(container),
        stack);
  }

  /** Empty if the thread is not virtual; see {@link #isVirtual}. */
  private static Optional<ThreadSample> virtualSample(
      JsonReader json, long id, String container, Frames frames) throws IOException {
    String threadName = "";
    Thread.State state = null;
    boolean virtual = false;
    ImmutableList<StackTraceElement> stack = null;
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "name" -> threadName = json.string();
        case "state" -> state = state(json);
        case "virtual" -> virtual = json.bool();
        case "stack" -> stack = frames.read(json);
        default -> json.skip();
      }
    }
    if (stack == null) {
      throw json.malformed("\"stack\" is missing");
    }
    StackTraceElement bottom = Iterables.getLast(stack, null);
    boolean runs =
        bottom != null
            && StackFrames.isJdk(bottom)
            && StackFrames.function(bottom).equals("java.lang.VirtualThread.run");
    return virtual || runs
        ? Optional.of(
            ThreadSample.ofVirtual(
                id,
                threadName,
                state == null ? stateOf(stack) : state,
                container.equals(ROOT) ? Optional.empty() : Optional.of(container),
                stack))
        : Optional.empty();
  }

  private static void skipMembers(JsonReader json) throws IOException {
    while (json.nextName() != null) {
      json.skip();
    }
  }

  private static Thread.State state(JsonReader json) throws IOException {
    String state = json.string();
    return Arrays.stream(Thread.State.values())
        .filter(known -> known.name().equals(state))
        .findFirst()
        .orElseThrow(() -> json.malformed("state \"" + state + "\" is not known"));
  }

  /** What the stack tells where the dump does not: all but whether it waits for a monitor. */
  private static Thread.State stateOf(ImmutableList<StackTraceElement> stack) {
    String top = stack.isEmpty() ? "" : StackFrames.function(stack.get(0));
    return switch (top) {
      case "java.lang.VirtualThread.park",
          "jdk.internal.misc.Unsafe.park",
          "java.lang.Object.wait0",
          "java.lang.Object.wait" ->
          Thread.State.WAITING;
      case "java.lang.VirtualThread.parkNanos" -> Thread.State.TIMED_WAITING;
      default -> Thread.State.RUNNABLE;
    };
  }

  /** Keeps one of each frame and one of each stack: thousands of threads may have the same. */
  private static final class Frames {
    private final Map<String, StackTraceElement> parsed = new HashMap<>();
    private final Interner<ImmutableList<StackTraceElement>> stacks = Interners.newStrongInterner();

    ImmutableList<StackTraceElement> read(JsonReader json) throws IOException {
      ImmutableList.Builder<StackTraceElement> stack = ImmutableList.builder();
      json.beginArray();
      while (json.nextElement()) {
        String text = json.string();
        @Nullable StackTraceElement frame = parsed.get(text);
        if (frame == null) {
          frame = StackFrames.parse(text);
          if (frame == null) {
            throw json.malformed("\"" + text + "\" is no frame");
          }
          parsed.put(text, frame);
        }
        if (!StackFrames.isHidden(frame)) {
          stack.add(frame);
        }
      }
      return stacks.intern(stack.build());
    }
  }
}
