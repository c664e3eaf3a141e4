package dev.leakverifier.jvm;

import dev.leakverifier.jvm.ThreadSource.Sampling;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/**
 * The virtual threads in the heap, for a JVM whose thread dump can crash it.
 *
 * <p>Mostly none is left. Where no thread at all was made since that was so, nothing has to be
 * asked. Otherwise the JVM tells it by counting the objects of their class, after a full garbage
 * collection: a thread that can still run is never garbage. Only otherwise is a heap dump taken,
 * which tells those that have ended from the others. Both stop the JVM at a safepoint, at which no
 * virtual thread is between two carriers.
 */
final class HeapCensus implements VirtualCensus {
  static final String MONITORS_NOT_SEEN =
      "which monitors virtual threads wait for: a heap dump does not tell";

  private final Heap heap;
  private final LongSupplier threadsMade;

  /** How many threads had been made when there was no virtual one, nor one to be started. */
  private volatile long noneAt = -1;

  /**
   * The virtual threads in {@code heap}.
   *
   * @param threadsMade grows with every thread that is made, of whatever kind
   */
  HeapCensus(Heap heap, LongSupplier threadsMade) {
    this.heap = heap;
    this.threadsMade = threadsMade;
  }

  /** The heap of this JVM. */
  interface Heap {
    /** Whether it is certain that no virtual thread is in it. */
    boolean hasNoVirtualThread();

    /** Writes a dump of what is reachable to {@code file}, which does not exist yet. */
    void dumpTo(Path file) throws IOException;
  }

  private interface Reader<T> {
    T read(HeapThreads threads) throws IOException;
  }

  @Override
  public String means() {
    return "heap dump";
  }

  @Override
  public Ids ids() throws IOException {
    return new Ids(isThereNone() ? IdSet.NONE : read(HeapThreads::ids), Optional.empty());
  }

  @Override
  public Sampling samples(LongPredicate wanted) throws IOException {
    List<ThreadSample> samples =
        isThereNone() ? List.of() : read(threads -> threads.samples(wanted));
    boolean monitors = samples.stream().anyMatch(HeapCensus::waitsForMonitor);
    return new Sampling(samples, Optional.of(MONITORS_NOT_SEEN).filter(line -> monitors));
  }

  private boolean isThereNone() {
    long made = threadsMade.getAsLong(); // first: what is made meanwhile may have been overlooked
    if (made != noneAt) {
      if (!heap.hasNoVirtualThread()) {
        return false;
      }
      noneAt = made;
    }
    return true;
  }

  private static boolean waitsForMonitor(ThreadSample thread) {
    return thread.state() == Thread.State.BLOCKED
        || (thread.lock().isEmpty()
            && !thread.frames().isEmpty()
            && thread.frames().get(0).getClassName().equals("java.lang.Object"));
  }

  /** Takes a dump in a file that only this user can read, and that is gone afterwards. */
  private <T> T read(Reader<T> reader) throws IOException {
    Path file = PrivateFolder.newFile(".hprof");
    try {
      heap.dumpTo(file);
      try (HprofFile dump = new HprofFile(file)) {
        return reader.read(new HeapThreads(dump));
      }
    } finally {
      PrivateFolder.delete(file);
    }
  }
}
