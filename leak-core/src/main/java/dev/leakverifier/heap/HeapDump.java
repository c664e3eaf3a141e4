package dev.leakverifier.heap;

import dev.leakverifier.host.PrivateFolder;
import dev.leakverifier.thread.ThreadHolder;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A dump of a heap, and what it tells of threads. One dump serves many questions, whose answers are
 * values that need it no more.
 *
 * <p>Not for use by several threads at once.
 */
public final class HeapDump implements AutoCloseable {
  private final Path path;
  private final boolean temporary;
  private final HprofFile file;

  /** The thread that took it; 0 where it shows another JVM. */
  private final long caller;

  private @Nullable HeapObjects objects;
  private @Nullable HeapGraph graph;

  private HeapDump(Path path, boolean temporary, long caller) throws IOException {
    this.path = path;
    this.temporary = temporary;
    this.caller = caller;
    this.file = new HprofFile(path);
  }

  /**
   * Takes a dump of this JVM, which stops it as a full garbage collection does. The dump lies in a
   * folder that only its user can read.
   *
   * @throws IOException if it cannot be taken; the message says why, in a line
   */
  public static HeapDump take() throws IOException {
    Path path = PrivateFolder.newFile(".hprof");
    boolean interrupted = Thread.interrupted(); // a dump is not to be half done
    try {
      JvmHeap.dumpTo(path);
      return new HeapDump(path, /* temporary= */ true, Thread.currentThread().getId());
    } catch (Throwable e) {
      PrivateFolder.delete(path);
      throw e;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A dump that somebody has saved, and keeps. */
  public static HeapDump open(Path saved) throws IOException {
    return new HeapDump(saved, /* temporary= */ false, 0);
  }

  /** How many bytes of this JVM's heap are live, as far as is known without a collection. */
  public static long liveHeap() {
    return JvmHeap.live();
  }

  /** The ids of the virtual threads that are alive, in no order. */
  public long[] virtualIds() throws IOException {
    return read(() -> virtualThreads().ids());
  }

  /** What those virtual threads look like that are alive and {@code wanted}. */
  public List<ThreadSample> virtualThreads(LongPredicate wanted) throws IOException {
    return read(() -> virtualThreads().samples(wanted));
  }

  /**
   * Who holds what each of these threads belongs to.
   *
   * @param ids those of platform and of virtual threads
   * @return by id; without those that the dump does not hold
   */
  public Map<Long, ThreadHolder> heldBy(Set<Long> ids) throws IOException {
    return read(() -> new HeldBy(graph(), objects(), stacks()).of(ids, caller));
  }

  /**
   * Which of these threads belong to what is held by a holder that lasts.
   *
   * @param ids those of platform and of virtual threads
   * @return what holds them, by id; without the others
   */
  public Map<Long, LastingHolder> lasting(Set<Long> ids) throws IOException {
    return read(() -> new Lasting(graph(), objects()).of(ids));
  }

  private HeapVirtualThreads virtualThreads() throws IOException {
    return new HeapVirtualThreads(objects(), stacks());
  }

  private HeapStacks stacks() throws IOException {
    return new HeapStacks(file, objects().types);
  }

  private HeapObjects objects() throws IOException {
    HeapObjects known = objects;
    if (known == null) {
      known = new HeapObjects(file, new HeapTypes(file));
      objects = known;
    }
    return known;
  }

  private HeapGraph graph() throws IOException {
    HeapGraph known = graph;
    if (known == null) {
      known = new HeapGraph(file, objects().types);
      graph = known;
    }
    return known;
  }

  private interface Question<T> {
    T answer() throws IOException;
  }

  /** Names a saved file where it cannot be read. */
  private <T> T read(Question<T> question) throws IOException {
    try {
      return question.answer();
    } catch (IOException e) {
      throw temporary
          ? e
          : new IOException(
              path
                  + " cannot be read: "
                  + e.getMessage()
                  + " (a heap dump of HotSpot's is expected, as jcmd PID GC.heap_dump writes it)",
              e);
    }
  }

  /** Deletes the file, if it is not somebody's. */
  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      // nothing was written
    } finally {
      if (temporary) {
        PrivateFolder.delete(path);
      }
    }
  }
}
