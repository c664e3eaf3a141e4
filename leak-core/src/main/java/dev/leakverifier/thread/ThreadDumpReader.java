package dev.leakverifier.thread;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Interner;
import com.google.common.collect.Interners;
import com.google.common.collect.Iterables;
import com.google.common.primitives.ImmutableLongArray;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the thread dump that a JVM writes as JSON, as a stream: containers, which hold threads,
 * which hold frames.
 *
 * <p>Takes the forms of JDK 21 to 25. Up to JDK 24 it tells neither a thread's state nor which are
 * virtual; later, numbers may stand without quotes, and locks are told. Members that are not known
 * are passed over; a member that is missing, an order that is not known, or anything that is no
 * JSON makes the whole dump worthless, which an {@link IOException} says.
 */
public final class ThreadDumpReader {
  /** The newest form that is known; forms without a number are older. */
  private static final long KNOWN_FORMAT = 2;

  private static final String ROOT = "<root>";

  private final JsonReader json;
  private final Visitor visitor;
  private final Heading heading;

  private ThreadDumpReader(InputStream in, Visitor visitor) {
    this(new JsonReader(in), visitor, Heading.IGNORED);
  }

  private ThreadDumpReader(JsonReader json, Visitor visitor, Heading heading) {
    this.json = json;
    this.visitor = visitor;
    this.heading = heading;
  }

  /** Takes what a whole dump tells, in the order in which it stands there. */
  public interface Content {
    /** When the dump was taken, as the JVM wrote it. */
    void time(String time);

    /** Which JVM wrote it, as it wrote it. */
    void jvm(String version);

    /** The next thread. */
    void thread(Entry thread);

    /** What follows cannot be read, or there is nothing more where there ought to be. */
    void endsEarly(String problem, long line);
  }

  /**
   * A thread and its locks, which are named as by {@link java.util.Objects#toIdentityString}.
   *
   * @param blockedOn the monitor that it wants to enter
   * @param waitingOn the object in whose {@code wait} it is
   * @param parkBlocker what it is parked for
   * @param parkBlockerOwner the id of the thread that holds that; 0 if the dump does not tell
   * @param monitors those that it has entered, also the one that it waits on
   */
  public record Entry(
      ThreadSample sample,
      Optional<String> blockedOn,
      Optional<String> waitingOn,
      Optional<String> parkBlocker,
      long parkBlockerOwner,
      List<String> monitors) {}

  private interface Heading {
    Heading IGNORED = (name, json) -> json.skip();

    void member(String name, JsonReader json) throws IOException;
  }

  /** Takes the members of one thread that follow its id. */
  private interface Visitor {
    void thread(JsonReader json, long id, String container) throws IOException;
  }

  /** The ids of all virtual threads, in ascending order; one that moved may be there twice. */
  static long[] virtualIds(InputStream in) throws IOException {
    ImmutableLongArray.Builder builder = ImmutableLongArray.builder();
    new ThreadDumpReader(
            in,
            (json, id, container) -> {
              if (isVirtual(json)) {
                builder.add(id);
              }
            })
        .read();
    long[] ids = builder.build().toArray();
    Arrays.sort(ids);
    return ids;
  }

  /** What those virtual threads look like that have the {@code ids}, and what they wait for. */
  static ImmutableList<ThreadSample> samples(InputStream in, Set<Long> ids) throws IOException {
    return virtualSamples(in, ids::contains);
  }

  /** The same of all virtual threads. */
  static ImmutableList<ThreadSample> virtualSamples(InputStream in) throws IOException {
    return virtualSamples(in, id -> true);
  }

  private static ImmutableList<ThreadSample> virtualSamples(InputStream in, LongPredicate wanted)
      throws IOException {
    List<Entry> entries = new ArrayList<>();
    Map<String, Long> holders = new HashMap<>();
    Frames frames = new Frames();
    new ThreadDumpReader(
            in,
            (json, id, container) -> {
              List<String> monitors;
              if (wanted.test(id)) {
                Entry entry = thread(json, id, container, frames);
                if (entry.sample().isVirtual()) {
                  entries.add(entry);
                }
                monitors = entry.monitors();
              } else {
                monitors = monitorsOf(json);
              }
              monitors.forEach(monitor -> holders.put(monitor, id));
            })
        .read();
    return entries.stream()
        .map(entry -> lock(entry, holders).map(entry.sample()::withLock).orElse(entry.sample()))
        .collect(toImmutableList());
  }

  private static Optional<ThreadLock> lock(Entry entry, Map<String, Long> holders) {
    return entry
        .blockedOn()
        .map(object -> ThreadLock.of(object, owner(holders.getOrDefault(object, 0L))))
        .or(() -> entry.waitingOn().map(object -> ThreadLock.of(object, OptionalLong.empty())))
        .or(
            () ->
                entry
                    .parkBlocker()
                    .map(object -> ThreadLock.of(object, owner(entry.parkBlockerOwner()))));
  }

  private static OptionalLong owner(long id) {
    return id == 0 ? OptionalLong.empty() : OptionalLong.of(id);
  }

  /**
   * Reads all threads, platform threads and virtual ones, as far as the dump is whole.
   *
   * @return the number of the line where it ended
   * @throws IOException if {@code in} throws it; never for what stands in the dump
   */
  public static long readAll(InputStream in, Content content) throws IOException {
    Frames frames = new Frames();
    JsonReader json = new JsonReader(in);
    try {
      new ThreadDumpReader(
              json,
              (same, id, container) -> content.thread(thread(same, id, container, frames)),
              (name, same) -> {
                switch (name) {
                  case "time" -> content.time(same.string());
                  case "runtimeVersion" -> content.jvm(same.string());
                  default -> same.skip();
                }
              })
          .read();
    } catch (MalformedJsonException e) {
      content.endsEarly(e.problem(), e.line());
    }
    return json.line();
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
        default -> heading.member(name, json);
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

  private static Entry thread(JsonReader json, long id, String container, Frames frames)
      throws IOException {
    String threadName = "";
    Thread.State state = null;
    boolean virtual = false;
    ImmutableList<StackTraceElement> stack = null;
    String blockedOn = null;
    String waitingOn = null;
    ParkBlocker parkBlocker = ParkBlocker.NONE;
    ImmutableList<String> monitors = ImmutableList.of();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "name" -> threadName = json.string();
        case "state" -> state = state(json);
        case "virtual" -> virtual = json.bool();
        case "stack" -> stack = frames.read(json);
        case "blockedOn" -> blockedOn = json.stringOrNull();
        case "waitingOn" -> waitingOn = json.stringOrNull();
        case "parkBlocker" -> parkBlocker = ParkBlocker.read(json);
        case "monitorsOwned" -> monitors = monitors(json);
        default -> json.skip();
      }
    }
    if (stack == null) {
      throw json.malformed("\"stack\" is missing");
    }
    if (state == null) {
      state = StackStates.of(stack);
    }
    ThreadSample sample =
        virtual || startsVirtually(stack)
            ? ThreadSample.ofVirtual(id, threadName, state, owner(container), stack)
            : ThreadSample.ofPlatform(
                id, threadName, state, /* daemon= */ false, owner(container), stack);
    return new Entry(
        sample,
        Optional.ofNullable(blockedOn),
        Optional.ofNullable(waitingOn),
        Optional.ofNullable(parkBlocker.object()),
        parkBlocker.owner(),
        monitors);
  }

  private static boolean startsVirtually(ImmutableList<StackTraceElement> stack) {
    StackTraceElement bottom = Iterables.getLast(stack, null);
    return bottom != null
        && StackFrames.isJdk(bottom)
        && StackFrames.function(bottom).equals("java.lang.VirtualThread.run");
  }

  private static Optional<String> owner(String container) {
    return container.equals(ROOT) ? Optional.empty() : Optional.of(container);
  }

  private static ImmutableList<String> monitors(JsonReader json) throws IOException {
    ImmutableList.Builder<String> monitors = ImmutableList.builder();
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
    return monitors.build();
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

  /** The monitors that a thread has entered, of which nothing else is wanted. */
  private static ImmutableList<String> monitorsOf(JsonReader json) throws IOException {
    ImmutableList<String> monitors = ImmutableList.of();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (name.equals("monitorsOwned")) {
        monitors = monitors(json);
      } else {
        json.skip();
      }
    }
    return monitors;
  }

  private static Thread.State state(JsonReader json) throws IOException {
    String state = json.string();
    return Arrays.stream(Thread.State.values())
        .filter(known -> known.name().equals(state))
        .findFirst()
        .orElseThrow(() -> json.malformed("state \"" + state + "\" is not known"));
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
