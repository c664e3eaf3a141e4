package dev.leakverifier.dump;

import com.google.common.primitives.ImmutableLongArray;
import dev.leakverifier.json.JsonReader;
import dev.leakverifier.json.MalformedJsonException;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;

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
    void thread(JsonReader json, long id, Optional<String> owner) throws IOException;
  }

  /** The ids of all virtual threads, in ascending order; one that moved may be there twice. */
  public static long[] virtualIds(InputStream in) throws IOException {
    ImmutableLongArray.Builder builder = ImmutableLongArray.builder();
    DumpedThreads threads = new DumpedThreads();
    new ThreadDumpReader(
            in,
            (json, id, owner) -> {
              if (threads.isVirtual(json)) {
                builder.add(id);
              }
            })
        .read();
    long[] ids = builder.build().toArray();
    Arrays.sort(ids);
    return ids;
  }

  /** What those virtual threads look like that have the {@code ids}, and what they wait for. */
  public static List<ThreadSample> samples(InputStream in, Set<Long> ids) throws IOException {
    return virtualSamples(in, ids::contains);
  }

  /** The same of all virtual threads. */
  public static List<ThreadSample> virtualSamples(InputStream in) throws IOException {
    return virtualSamples(in, id -> true);
  }

  private static List<ThreadSample> virtualSamples(InputStream in, LongPredicate wanted)
      throws IOException {
    DumpedThreads threads = new DumpedThreads();
    VirtualSamples samples = new VirtualSamples();
    new ThreadDumpReader(
            in,
            (json, id, owner) -> {
              if (wanted.test(id)) {
                samples.add(threads.read(json, id, owner));
              } else {
                samples.addHolder(id, DumpedThreads.monitors(json));
              }
            })
        .read();
    return samples.build();
  }

  /**
   * Reads all threads, platform threads and virtual ones, as far as the dump is whole.
   *
   * @return the number of the line where it ended
   * @throws IOException if {@code in} throws it; never for what stands in the dump
   */
  public static long readAll(InputStream in, Content content) throws IOException {
    DumpedThreads threads = new DumpedThreads();
    JsonReader json = new JsonReader(in);
    try {
      new ThreadDumpReader(
              json,
              (same, id, owner) -> content.thread(threads.read(same, id, owner)),
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
          readThreads(Optional.ofNullable(container).filter(owner -> !owner.equals(ROOT)));
          found = true;
        }
        default -> json.skip();
      }
    }
    require(found, "threads");
  }

  private void readThreads(Optional<String> owner) throws IOException {
    json.beginArray();
    while (json.nextElement()) {
      json.beginObject();
      require("tid".equals(json.nextName()), "tid");
      visitor.thread(json, json.number(), owner);
    }
  }

  private void require(boolean found, String member) throws IOException {
    if (!found) {
      throw json.malformed("\"" + member + "\" is missing");
    }
  }
}
