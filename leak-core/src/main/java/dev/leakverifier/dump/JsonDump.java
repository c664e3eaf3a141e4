package dev.leakverifier.dump;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.common.primitives.ImmutableLongArray;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Reads the thread dumps that are JSON, as a stream: those of the JVM's {@code
 * Thread.dump_to_file}, in which containers hold threads, and those of Spring Boot's {@code
 * /actuator/threaddump}.
 *
 * <p>The JVM's are of JDK 21 to 26. Up to JDK 24 they tell neither a thread's state nor which are
 * virtual; later, numbers may stand without quotes, and locks are told. Members that are not known
 * are passed over.
 *
 * <p>Public for the listing of live virtual threads, which the JVM tells in such a dump only.
 */
public final class JsonDump {
  /** The newest form that is known; forms without a number are older. */
  private static final long KNOWN_FORMAT = 2;

  private static final String ROOT = "<root>";

  private final JsonValues json;
  private final DumpBuilder dump;
  private final JsonThreads threads;

  private JsonDump(JsonValues json, DumpBuilder dump, LongPredicate wanted) {
    this.json = json;
    this.dump = dump;
    this.threads = new JsonThreads(json, dump, wanted);
  }

  /** Reads a thread whose object has begun, to its end. */
  private interface OneThread {
    void read(Optional<String> container) throws IOException;
  }

  /**
   * Which virtual threads a dump of the JVM's shows, sorted. Up to JDK 24, one that has not begun
   * to run cannot be told.
   *
   * @throws IOException if it is no whole dump of a form that is known
   */
  public static long[] virtualIds(InputStream in) throws IOException {
    ImmutableLongArray.Builder found = ImmutableLongArray.builder();
    JsonDump reader = new JsonDump(JsonValues.of(in), new DumpBuilder(), id -> false);
    reader.readWhole(container -> reader.threads.addIdIfVirtual(found));
    long[] ids = found.build().toArray();
    Arrays.sort(ids);
    return ids;
  }

  /**
   * What those of its virtual threads look like whose ids are {@code wanted}, and what they wait
   * for.
   *
   * @throws IOException if it is no whole dump of a form that is known
   */
  public static List<ThreadSample> virtualSamples(InputStream in, LongPredicate wanted)
      throws IOException {
    DumpBuilder dump = new DumpBuilder();
    JsonDump reader = new JsonDump(JsonValues.of(in), dump, wanted);
    reader.readWhole(reader.threads::add);
    return dump.threads().stream()
        .map(DumpedThread::sample)
        .filter(thread -> thread.isVirtual() && wanted.test(thread.id()))
        .toList();
  }

  /** Reads what is whole of {@code in}, before which so many lines were passed over. */
  static void read(InputStream in, int linesBefore, DumpBuilder dump) throws IOException {
    JsonValues json = JsonValues.ofAnyBytes(in);
    JsonDump reader = new JsonDump(json, dump, id -> true);
    try {
      reader.read(reader.threads::add);
      if (dump.threadCount() == 0) {
        dump.endsEarly(linesBefore + json.line(), "no thread is in it");
      }
    } catch (JsonProcessingException e) {
      dump.endsEarly(linesBefore + json.line(), json.problem(e));
    }
  }

  private void readWhole(OneThread each) throws IOException {
    try {
      read(each);
    } catch (JsonProcessingException e) {
      throw new IOException(json.problem(e) + ", at byte " + json.position(), e);
    }
  }

  private void read(OneThread each) throws IOException {
    boolean found = false;
    json.begin();
    json.beginObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "threadDump" -> {
          found = true;
          readDump(each);
        }
        case "threads" -> {
          found = true;
          dump.takenAtOnce();
          threads.ofActuator();
          readThreads(each, Optional.empty());
        }
        default -> json.skip();
      }
    }
    json.require(found, "threadDump");
    json.end();
  }

  private void readDump(OneThread each) throws IOException {
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
        case "time" -> dump.time(json.string());
        case "runtimeVersion" -> dump.jvm(json.string());
        case "threadContainers" -> {
          found = true;
          json.beginArray();
          while (json.nextElement()) {
            readContainer(each);
          }
        }
        default -> json.skip();
      }
    }
    json.require(found, "threadContainers");
  }

  private void readContainer(OneThread each) throws IOException {
    String container = null;
    boolean found = false;
    json.beginObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "container" -> container = json.string();
        case "threads" -> {
          found = true;
          json.require(container != null, "container");
          readThreads(each, Optional.ofNullable(container).filter(owner -> !owner.equals(ROOT)));
        }
        default -> json.skip();
      }
    }
    json.require(found, "threads");
  }

  private void readThreads(OneThread each, Optional<String> container) throws IOException {
    json.beginArray();
    while (json.nextElement()) {
      json.beginObject();
      each.read(container);
    }
  }
}
