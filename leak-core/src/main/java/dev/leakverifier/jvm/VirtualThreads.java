package dev.leakverifier.jvm;

import dev.leakverifier.dump.JsonDump;
import dev.leakverifier.dump.ThreadDump;
import dev.leakverifier.host.Guard;
import dev.leakverifier.host.Log;
import dev.leakverifier.host.Lost;
import dev.leakverifier.host.PrivateFolder;
import dev.leakverifier.jvm.ThreadSource.Sampling;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The virtual threads of this JVM, of which only its thread dump tells.
 *
 * <p>A dump takes milliseconds, and seconds where there are 100,000 threads; so none is taken
 * before the first virtual thread was made. Where a dump is not to be had or not to be understood,
 * what could not be seen is said in a line, and logged once.
 */
final class VirtualThreads {
  private static final Log LOG = Log.of(VirtualThreads.class);
  private static final String DUMP = "the thread dump";
  private static final int FIRST_JDK = 21;

  private final BooleanSupplier everMade;
  private final Dump dump;
  private final Supplier<Optional<String>> gap;
  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  /**
   * The virtual threads that {@code dump} shows.
   *
   * @param everMade whether this JVM may ever have made a virtual thread; asked each time, so cheap
   * @param gap what the dump leaves out, in a line
   */
  VirtualThreads(BooleanSupplier everMade, Dump dump, Supplier<Optional<String>> gap) {
    this.everMade = everMade;
    this.dump = dump;
    this.gap = gap;
  }

  /** Writes a thread dump of this JVM, as JSON. */
  interface Dump {
    /** Writes it to {@code file}, which does not exist yet. */
    void writeTo(Path file) throws IOException;

    /** Writes the dump as text: a JVM may not be able to write each name as JSON. */
    default void writeTextTo(Path file) throws IOException {
      throw new IOException("there is no dump as text");
    }
  }

  /** One for all: so none looks again for what another has seen. */
  private static final class Jvm {
    static final VirtualThreads THREADS =
        new VirtualThreads(
            new VirtualThreadTraces(JvmThreadDump::bindsVirtualThreads),
            new JvmThreadDump(),
            JvmThreadDump::gap);
  }

  private interface Reader<T> {
    T read(InputStream dump) throws IOException;
  }

  static VirtualThreads ofJvm() {
    return Runtime.version().feature() < FIRST_JDK ? none() : Jvm.THREADS;
  }

  /** None, whatever lives in this JVM. */
  static VirtualThreads none() {
    return new VirtualThreads(
        () -> false,
        file -> {
          throw new IOException("virtual threads are not looked for");
        },
        Optional::empty);
  }

  /** Which are alive. */
  VirtualListing list() {
    if (!everMade.getAsBoolean()) {
      return VirtualListing.NONE;
    }
    ThreadClock now = ThreadClock.now(); // before the dump: else it would seem to be complete
    return Guard.make(
        DUMP,
        () ->
            read(
                json ->
                    VirtualListing.of(IdSet.of(JsonDump.virtualIds(json)), incompleteness(), now),
                text -> VirtualListing.of(ids(text), incompleteness(text), now)),
        lost -> VirtualListing.unknown(notSeen(lost), now));
  }

  /** When it is, without a look at which are alive. */
  VirtualListing note() {
    return everMade.getAsBoolean()
        ? VirtualListing.notAsked(ThreadClock.now())
        : VirtualListing.NONE;
  }

  /** Lists the virtual threads; {@code earlier} itself if no virtual thread has been made since. */
  VirtualListing listSince(VirtualListing earlier) {
    return earlier.isKnown()
            && everMade.getAsBoolean()
            && ThreadClock.now().isQuietSince(earlier.at())
        ? earlier
        : list();
  }

  /** What those with these {@code ids} look like that are alive. */
  Sampling sample(Set<Long> ids) {
    return sampling(
        json -> JsonDump.virtualSamples(json, ids::contains), thread -> ids.contains(thread.id()));
  }

  /** What all that are alive look like, from one dump. */
  Sampling sampleAll() {
    return everMade.getAsBoolean()
        ? sampling(json -> JsonDump.virtualSamples(json, id -> true), thread -> true)
        : new Sampling(List.of(), Optional.empty());
  }

  private Sampling sampling(
      Reader<? extends List<ThreadSample>> reader, Predicate<ThreadSample> wanted) {
    return Guard.make(
        DUMP,
        () ->
            read(
                json -> sampling(reader.read(json), incompleteness()),
                text ->
                    sampling(
                        text.samples().stream().filter(wanted).toList(), incompleteness(text))),
        lost -> sampling(List.of(), notSeen(lost)));
  }

  private static Sampling sampling(List<ThreadSample> samples, @Nullable String notSeen) {
    return new Sampling(samples, Optional.ofNullable(notSeen));
  }

  private static IdSet ids(ThreadDump text) {
    return IdSet.of(text.samples().stream().mapToLong(ThreadSample::id).toArray());
  }

  private @Nullable String incompleteness() {
    return gap.get().map(gap -> log("a gap", gap)).orElse(null);
  }

  private @Nullable String incompleteness(ThreadDump text) {
    for (String note : text.notes()) {
      if (note.startsWith("line ")) { // the others are on deadlocks
        return log("a note", "virtual threads: " + note);
      }
    }
    return incompleteness();
  }

  /**
   * Takes a dump as JSON, or else as text, which tells less. Where a name has a control character,
   * the JVM (seen with 25) throws instead of writing JSON.
   */
  private <T> T read(Reader<T> json, Function<ThreadDump, T> text) throws IOException {
    try {
      return readFile(dump, json);
    } catch (IOException e) {
      try {
        return text.apply(
            readFile(dump::writeTextTo, in -> ThreadDump.read("this JVM", in).onlyVirtual()));
      } catch (IOException again) {
        throw e;
      }
    }
  }

  /** Takes a dump in a file that only this user can read, and that is gone afterwards. */
  private static <T> T readFile(Dump dump, Reader<T> reader) throws IOException {
    Path file = PrivateFolder.newFile();
    try {
      dump.writeTo(file);
      try (InputStream in = Files.newInputStream(file)) {
        return reader.read(in);
      }
    } finally {
      PrivateFolder.delete(file);
    }
  }

  private String notSeen(Lost dump) {
    return log(DUMP, "virtual threads: no thread dump could be read (" + why(dump) + ")");
  }

  /** Without the names of temporary files, so that it is the same each time. */
  private static String why(Lost dump) {
    if (dump.reason() instanceof FileSystemException e) {
      return e.getClass().getName()
          + (e.getReason() == null ? "" : ": " + e.getReason())
          + " in "
          + System.getProperty("java.io.tmpdir");
    }
    return dump.reason() instanceof IOException e ? String.valueOf(e.getMessage()) : dump.why();
  }

  /** People have to see it, be the verdict clean or not. */
  private String log(String kind, String notSeen) {
    if (logged.add(kind)) {
      LOG.warn("Not seen: {}", notSeen);
    }
    return notSeen;
  }
}
