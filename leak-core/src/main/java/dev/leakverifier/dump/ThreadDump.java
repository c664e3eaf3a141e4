package dev.leakverifier.dump;

import dev.leakverifier.dump.DumpFormat.DumpReader;
import dev.leakverifier.thread.LockHolders;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A saved thread dump, as data.
 *
 * <pre>{@code
 * ThreadDump dump = ThreadDump.read(Path.of("threads.txt"));
 * for (DumpedThread thread : dump.threads()) {
 *   System.out.println(thread.sample().name() + " " + thread.sample().topFunction());
 * }
 * }</pre>
 *
 * <p>Takes what {@code jstack} and {@code jcmd Thread.print} print and what {@code kill -3} writes
 * to a log, of JDK 8 to 25; the text and the JSON of {@code jcmd Thread.dump_to_file}, of JDK 21 to
 * 26; those of Spring Boot's {@code /actuator/threaddump}; and the text of VisualVM. The encoding
 * is UTF-8, UTF-16, or else taken for ISO 8859-1. Other lines may stand before the dump and between
 * its threads, and each line may have the same beginning, such as a time stamp.
 *
 * <p>A file is read as a stream: what is kept is what is asked for below. What a dump does not tell
 * is not guessed: only {@code jstack} and its kind say which threads are daemons; none says more of
 * virtual threads than {@code Thread.dump_to_file} does; and the text of JDK 21 to 24 knows no
 * locks, and no states but those that the stack shows. The JVM's own threads that run no Java code
 * have no frames here, or, like those of its garbage collector, are left out.
 *
 * <p>A value: immutable, and safe to share.
 */
public final class ThreadDump {
  private final String source;
  private final Optional<String> jvm;
  private final Optional<String> time;
  private final List<DumpedThread> threads;
  private final List<List<ThreadSample>> deadlocks;
  private final List<String> notes;

  private ThreadDump(ThreadDump whole, List<DumpedThread> threads) {
    this.source = whole.source;
    this.jvm = whole.jvm;
    this.time = whole.time;
    this.threads = threads;
    this.deadlocks = whole.deadlocks;
    this.notes = whole.notes;
  }

  private ThreadDump(String source, DumpBuilder dump) {
    this.source = source;
    this.jvm = dump.jvm();
    this.time = dump.time();
    this.threads = dump.threads();
    this.deadlocks = LockHolders.among(samples()).deadlocks();
    this.notes = dump.notes(deadlocks);
  }

  /**
   * Reads the dump in {@code file}; of several the first one, and a {@linkplain #notes() note} says
   * so.
   *
   * @throws UnreadableDumpException if there is no such file, if it cannot be read, or if not one
   *     whole thread is in it. A dump that is cut short or damaged further on gives what stands
   *     before, and a note.
   */
  public static ThreadDump read(Path file) throws UnreadableDumpException {
    return DumpFile.read(file, in -> read(file.toString(), in));
  }

  /**
   * Reads the dump in {@code in}, and does not close it.
   *
   * @param source what messages call it
   * @throws UnreadableDumpException as {@link #read(Path)}
   */
  public static ThreadDump read(String source, InputStream in) throws UnreadableDumpException {
    DumpBuilder dump = new DumpBuilder();
    try {
      long next = DumpFormat.reader(in).read(dump);
      if (next > 0) {
        dump.note(next, "another dump begins here and was not read");
      }
    } catch (UnreadableDumpException e) {
      throw e;
    } catch (IOException e) {
      throw DumpFile.unreadable(source, e);
    }
    if (dump.problem().isPresent()) {
      throw dump.unreadable(source);
    }
    return new ThreadDump(source, dump);
  }

  /**
   * Reads all dumps in {@code file}, such as a log that {@code kill -3} has written to many times.
   *
   * @return the dumps in the order of the file; at least one
   * @throws UnreadableDumpException as {@link #read(Path)}
   */
  public static List<ThreadDump> readAll(Path file) throws UnreadableDumpException {
    return DumpFile.read(file, in -> readAll(file.toString(), in));
  }

  private static List<ThreadDump> readAll(String source, InputStream in) throws IOException {
    DumpReader reader = DumpFormat.reader(in);
    List<DumpBuilder> found = new ArrayList<>();
    long next;
    do {
      DumpBuilder dump = new DumpBuilder();
      next = reader.read(dump);
      found.add(dump);
    } while (next > 0);
    List<DumpBuilder> whole = found.stream().filter(dump -> dump.problem().isEmpty()).toList();
    if (whole.isEmpty()) {
      throw found.get(0).unreadable(source);
    }
    int skipped = found.size() - whole.size();
    if (skipped > 0) {
      whole.get(0).note(skipped + " more dumps begin in the file, but have no complete thread");
    }
    return whole.stream().map(dump -> new ThreadDump(source, dump)).toList();
  }

  /** This dump without its platform threads. */
  public ThreadDump onlyVirtual() {
    return new ThreadDump(
        this, threads.stream().filter(thread -> thread.sample().isVirtual()).toList());
  }

  /** The file, or what else the dump was said to come from. */
  public String source() {
    return source;
  }

  /**
   * The JVM that wrote the dump, as it calls itself, e.g. {@code OpenJDK 64-Bit Server VM
   * (17.0.15+6-Debian-1 mixed mode, sharing)}; of {@code Thread.dump_to_file}, its version only.
   */
  public Optional<String> jvm() {
    return jvm;
  }

  /** When the dump was taken, as the JVM wrote it, which may be without a time zone. */
  public Optional<String> time() {
    return time;
  }

  /** The threads, in the dump's order; at least one. */
  public List<DumpedThread> threads() {
    return threads;
  }

  /** What the {@link #threads()} looked like, and what they waited for. */
  public List<ThreadSample> samples() {
    return threads.stream().map(DumpedThread::sample).toList();
  }

  /**
   * The threads that wait for each other, as their locks show, whether or not the JVM has found so
   * itself: each waits for a lock that the next one holds, and the last one for a lock of the
   * first. A thread that waits for a limited time is in none.
   */
  public List<List<ThreadSample>> deadlocks() {
    return deadlocks;
  }

  /**
   * What could not be read or is not certain, a line each, with the number of the dump's line if it
   * has one; empty if all was understood.
   */
  public List<String> notes() {
    return notes;
  }

  @Override
  public String toString() {
    return "ThreadDump(" + source + ", " + threads.size() + " threads)";
  }
}
