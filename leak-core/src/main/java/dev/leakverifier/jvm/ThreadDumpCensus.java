package dev.leakverifier.jvm;

import dev.leakverifier.dump.JsonDump;
import dev.leakverifier.dump.ThreadDump;
import dev.leakverifier.host.PrivateFolder;
import dev.leakverifier.jvm.ThreadSource.Sampling;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

/**
 * The virtual threads in the JVM's own thread dump. A dump takes milliseconds, and seconds where
 * there are 100,000 threads.
 */
final class ThreadDumpCensus implements VirtualCensus {
  private final Dump dump;
  private final Supplier<Optional<String>> gap;

  /**
   * The virtual threads that {@code dump} shows.
   *
   * @param gap what the dump leaves out, in a line
   */
  ThreadDumpCensus(Dump dump, Supplier<Optional<String>> gap) {
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

  private interface Reader<T> {
    T read(InputStream dump) throws IOException;
  }

  @Override
  public String means() {
    return "thread dump";
  }

  @Override
  public Ids ids() throws IOException {
    return read(
        json -> new Ids(IdSet.of(JsonDump.virtualIds(json)), gap.get()),
        text ->
            new Ids(
                IdSet.of(text.samples().stream().mapToLong(ThreadSample::id).toArray()),
                notSeen(text)));
  }

  @Override
  public Sampling samples(LongPredicate wanted) throws IOException {
    return read(
        json -> new Sampling(JsonDump.virtualSamples(json, wanted), gap.get()),
        text ->
            new Sampling(
                text.samples().stream().filter(thread -> wanted.test(thread.id())).toList(),
                notSeen(text)));
  }

  private Optional<String> notSeen(ThreadDump text) {
    return text.notes().stream()
        .filter(note -> note.startsWith("line ")) // the others are on deadlocks
        .findFirst()
        .map(note -> "virtual threads: " + note)
        .or(gap);
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
}
