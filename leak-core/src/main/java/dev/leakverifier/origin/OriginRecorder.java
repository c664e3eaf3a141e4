package dev.leakverifier.origin;

import static com.google.common.base.Preconditions.checkState;

import dev.leakverifier.host.Guard;
import dev.leakverifier.host.Log;
import dev.leakverifier.host.Lost;
import dev.leakverifier.thread.ThreadOrigin;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Records who makes threads, while somebody wants to know.
 *
 * <pre>{@code
 * try (OriginRecorder.Session session = OriginRecorder.JVM.start()) {
 *   Thread thread = new Thread(task);
 *   thread.start();
 *   OriginRecorder.JVM.originOf(thread.getId()).ifPresent(System.err::println);
 * }
 * }</pre>
 *
 * <p>The thread that starts to record is marked, and so is each that calls {@link #markThread}.
 * What a marked thread makes inherits a mark, and what that makes, too. Nothing is known of a
 * thread for which inheritance was switched off, as the JDK's HTTP client does, or that was made by
 * one which is older than the first mark. Thread-safe.
 */
public final class OriginRecorder {
  /** The recorder of this JVM. */
  public static final OriginRecorder JVM = new OriginRecorder(System::gc);

  private static final Log LOG = Log.of(OriginRecorder.class);

  private final Runnable garbageCollector;
  private int sessions;
  private volatile @Nullable Running running;
  private @Nullable String failure;

  OriginRecorder(Runnable garbageCollector) {
    this.garbageCollector = garbageCollector;
  }

  private record Running(Marks marks, MarkedThreads threads) {}

  /** A wish to have it recorded who makes threads, until it is closed. */
  public final class Session implements AutoCloseable {
    private boolean closed;

    @Override
    public void close() {
      synchronized (OriginRecorder.this) {
        if (!closed) {
          closed = true;
          release();
        }
      }
    }
  }

  /** Starts to record, if nobody did before, and marks the calling thread. */
  public Session start() {
    synchronized (this) {
      if (sessions++ == 0) {
        Guard.run("who makes threads", this::begin, this::failToStart);
      }
    }
    markThread();
    return new Session();
  }

  @SuppressWarnings("ThreadLocalUsage") // one that is dropped in the end, with all that it holds
  private void begin() {
    Marks marks = new Marks(IdOrder.idComesFirst());
    marks.begin();
    running = new Running(marks, new MarkedThreads(marks, garbageCollector));
    failure = null;
  }

  private void failToStart(Lost recording) {
    fail("threads cannot be marked: " + recording.why());
  }

  private void release() {
    checkState(sessions > 0);
    Running now = running;
    if (--sessions == 0 && now != null) {
      running = null;
      now.marks().end();
    }
  }

  /** Marks the calling thread, if that is recorded at all, and it has no mark yet. */
  public void markThread() {
    Running now = running;
    if (now != null) {
      now.marks().markThread();
    }
  }

  /** Whether it is recorded who makes threads. */
  public boolean isOn() {
    return running != null;
  }

  /** Why nothing can be recorded in this JVM; empty if it can, or if nobody has tried. */
  public synchronized Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  /** What to tell a reader who misses the origin of some threads. */
  public synchronized String whyUnknown() {
    String reason = "they have inherited no mark, or it is not certain which";
    if (failure != null) {
      reason = failure;
    } else if (running == null) {
      reason = "it was not recorded; to have it recorded, call LeakVerifier.recordOrigins() before";
    }
    return "who started them: " + reason;
  }

  /**
   * Who made the live thread with this id; empty if that is not certain. May list all threads and
   * collect garbage, where a verdict depends on it.
   */
  public Optional<ThreadOrigin> originOf(long threadId) {
    return origin(threads -> threads.of(threadId));
  }

  /** The same, if it can be told at once. */
  public Optional<ThreadOrigin> plainOriginOf(long threadId) {
    return origin(threads -> threads.plainly(threadId));
  }

  /** Lets {@link #originOf} find out again what was not certain before. */
  public void lookAgain() {
    Running now = running;
    if (now != null) {
      now.threads().lookAgain();
    }
  }

  private Optional<ThreadOrigin> origin(Function<MarkedThreads, @Nullable Child> lookUp) {
    Running now = running;
    return now == null
        ? Optional.empty()
        : Guard.make(
            "who makes threads",
            () -> originOf(lookUp.apply(now.threads())),
            lost -> {
              fail("what threads have inherited cannot be read: " + lost.why());
              return Optional.empty();
            });
  }

  private static Optional<ThreadOrigin> originOf(@Nullable Child child) {
    Mark mark = child == null ? null : Heritage.markOf(child);
    return mark == null || child == null
        ? Optional.empty()
        : Optional.of(mark.origin(child.threadClass()));
  }

  private synchronized void fail(String reason) {
    if (failure == null) {
      LOG.warn("who makes threads cannot be recorded: {}", reason);
    }
    failure = reason;
  }
}
