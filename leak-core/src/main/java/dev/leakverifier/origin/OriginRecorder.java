package dev.leakverifier.origin;

import static com.google.common.base.Preconditions.checkState;
import static java.util.concurrent.TimeUnit.SECONDS;
import static java.util.stream.Collectors.toSet;

import com.google.common.primitives.Longs;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.leakverifier.host.Guard;
import dev.leakverifier.host.Log;
import dev.leakverifier.host.Lost;
import dev.leakverifier.host.RuntimeModules;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.thread.ThreadOrigin;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Records who starts threads, while somebody wants to know.
 *
 * <pre>{@code
 * try (OriginRecorder.Session session = OriginRecorder.JVM.start()) {
 *   session.await();
 *   thread.start();
 *   OriginRecorder.JVM.originOf(thread.getId()).ifPresent(System.err::println);
 * }
 * }</pre>
 *
 * <p>Asks the JVM's flight recorder, on a thread of its own: neither the interrupt of a caller nor
 * its class loader reaches it. What was recorded is only read when somebody asks, or when many
 * threads have been started since. Thread-safe.
 */
public final class OriginRecorder {
  /** The recorder of this JVM. */
  public static final OriginRecorder JVM = new OriginRecorder();

  /** After how many thread starts the recording is read even though nobody asks. */
  private static final long MAX_UNREAD = 20_000;

  /** How long to wait for threads that have been started, but have not come to run. */
  private static final long MAX_STARTING_NANOS = 50_000_000;

  private static final long LOOK_NANOS = 50_000;

  /** Whether the recording has grown that long, or the disk full, is looked at each second. */
  private static final long LOOK_SECONDS = 1;

  private static final Log LOG = Log.of(OriginRecorder.class);

  private int sessions;
  private @Nullable Running running;
  private @Nullable String failure;

  private OriginRecorder() {}

  /** A wish to have thread starts recorded, until it is closed. */
  public final class Session implements AutoCloseable {
    private boolean closed;

    /** Waits until thread starts are recorded, or it is known that they cannot be. */
    public void await() {
      awaitStart();
    }

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

  /** Starts to record, beside the caller, if nobody did before. */
  public synchronized Session start() {
    if (sessions++ == 0) {
      Guard.run("the recording", () -> running = new Running(), this::failToStart);
    }
    return new Session();
  }

  /** Whether thread starts are recorded, or will be in a moment. */
  public synchronized boolean isOn() {
    return running != null && failure == null;
  }

  /** Why nothing can be recorded in this JVM; empty if it can, or if nobody has tried. */
  public synchronized Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  /** What to tell a reader who misses the origin of some threads. */
  public synchronized String whyUnknown() {
    String reason = "recording began only later";
    if (failure != null) {
      reason = failure;
    } else if (running == null) {
      reason = "it was not recorded; to have it recorded, call LeakVerifier.recordOrigins() before";
    }
    return "who started them: " + reason;
  }

  /** Who started the thread with this id; empty if that was not recorded. */
  public Optional<ThreadOrigin> originOf(long threadId) {
    Running now = current();
    return now == null ? Optional.empty() : now.originOf(threadId);
  }

  /** As {@link #originOf}, but only among the starts that have been read by now. */
  public Optional<ThreadOrigin> readOriginOf(long threadId) {
    Running now = current();
    return now == null ? Optional.empty() : now.readOriginOf(threadId);
  }

  private void awaitStart() {
    Running now = current();
    if (now != null) {
      now.await();
    }
  }

  private synchronized @Nullable Running current() {
    return running;
  }

  private synchronized void release() {
    checkState(sessions > 0);
    if (--sessions == 0 && running != null) {
      running.stop();
      running = null;
    }
  }

  private void failToStart(Lost recording) {
    Throwable reason = recording.reason();
    if (!RuntimeModules.has("jdk.jfr")) {
      fail(
          "this Java runtime has no flight recorder (the module jdk.jfr; on a module path, add"
              + " --add-modules jdk.jfr)");
    } else if (!RuntimeModules.has("java.management")) {
      fail("this Java runtime lacks the module java.management, which tells when to read on");
    } else if (reason instanceof RuntimeException && reason.getMessage() != null) {
      fail(reason.getMessage());
    } else {
      fail("the flight recorder does not start: " + recording.why());
    }
  }

  private synchronized void fail(String reason) {
    if (failure == null) {
      LOG.warn("who starts threads cannot be recorded: {}", reason);
    }
    failure = reason;
  }

  private synchronized void succeed() {
    failure = null;
  }

  /** One stretch of recording. All but asking happens on its thread. */
  private final class Running {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(OriginThread::new);
    private final StartHistory history = new StartHistory();
    private @Nullable ThreadStartRecording recording;

    /**
     * Threads that were not recorded: some are older, some of the JVM's the recorder never sees.
     */
    private final Set<Long> unrecorded = ConcurrentHashMap.newKeySet();

    /** Those that had not come to run the last time, however long it was waited for them. */
    private volatile Set<Long> starting = Set.of();

    private long startsWhenRead;

    // The last fields: what they submit uses the others.
    private final Future<?> start = thread.submit(this::begin);
    private final Future<?> looks =
        thread.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, SECONDS);

    void await() {
      await(start);
    }

    private static void await(Future<?> work) {
      try {
        Uninterruptibles.getUninterruptibly(work);
      } catch (ExecutionException e) {
        throw new CompletionException(e.getCause());
      }
    }

    Optional<ThreadOrigin> originOf(long threadId) {
      synchronized (history) {
        if (history.contains(threadId)) {
          return history.originOf(threadId);
        }
      }
      await();
      if (!unrecorded.contains(threadId) && !isStillStarting(threadId)) { // else again and again
        readOnFor(threadId);
      }
      return readOriginOf(threadId);
    }

    Optional<ThreadOrigin> readOriginOf(long threadId) {
      synchronized (history) {
        return history.originOf(threadId);
      }
    }

    void stop() {
      looks.cancel(false);
      thread.execute(this::end);
      thread.shutdown();
    }

    private void begin() {
      Guard.run(
          "the recording",
          () -> {
            Set<Long> older = liveIds();
            recording = ThreadStartRecording.start(OriginRecorder.this::fail);
            unrecorded.addAll(older);
            startsWhenRead = startedThreads();
            succeed();
          },
          OriginRecorder.this::failToStart);
    }

    private void look() {
      ThreadStartRecording current = recording;
      if (current != null && failure().isEmpty()) {
        Guard.run("a look at the disk", current::endIfShortOfRoom, lost -> {});
      }
      if (startedThreads() - startsWhenRead > MAX_UNREAD) {
        readOn();
      }
    }

    private void readOnFor(long threadId) {
      try {
        await(
            thread.submit(
                () -> {
                  if (!history.contains(threadId)) { // another caller may have been faster
                    readOn();
                  }
                }));
      } catch (RejectedExecutionException e) {
        LOG.debug("recording has just been stopped");
      }
    }

    private void readOn() {
      ThreadStartRecording current = recording;
      if (current != null && failure().isEmpty()) { // the disk may be full, or it was closed
        Guard.run(
            "what was recorded",
            () -> readOn(current),
            lost -> {
              fail("what the flight recorder has written cannot be read: " + lost.why());
              end();
            });
      }
    }

    private void readOn(ThreadStartRecording current) throws IOException {
      Set<Long> ran = awaitStartingThreads();
      startsWhenRead = startedThreads();
      Set<Long> live = liveIds();
      List<ThreadStart> starts = current.readOn(live);
      synchronized (history) { // those that have ended meanwhile may have started others first
        history.add(starts, () -> union(live, liveIds()));
      }
      ran.stream().filter(id -> !history.contains(id)).forEach(unrecorded::add);
      unrecorded.retainAll(liveIds());
    }

    /** Some threads of the JVM never run Java code; as long as one does not, it starts nothing. */
    private boolean isStillStarting(long threadId) {
      return starting.contains(threadId) && haveRun(Set.of(threadId)).isEmpty();
    }

    /**
     * Waits a little until all new threads have come to run: only then are they recorded, and if
     * their starter ends first, and is written into an earlier part of the file, it is lost. None
     * is waited for twice.
     *
     * @return the new threads that have run
     */
    private Set<Long> awaitStartingThreads() {
      Set<Long> fresh =
          liveIds().stream()
              .filter(id -> !history.contains(id) && !unrecorded.contains(id))
              .collect(toSet());
      long start = System.nanoTime();
      Set<Long> ran = haveRun(fresh);
      while (!starting.containsAll(difference(fresh, ran))
          && System.nanoTime() - start < MAX_STARTING_NANOS) {
        LockSupport.parkNanos(LOOK_NANOS);
        ran.addAll(haveRun(difference(fresh, ran)));
      }
      starting = difference(fresh, ran);
      return ran;
    }

    /** Those of the threads that have a stack, or have ended. */
    private Set<Long> haveRun(Set<Long> ids) {
      ThreadInfo[] infos = THREADS.getThreadInfo(Longs.toArray(ids), /* maxDepth= */ 1);
      Set<Long> starting =
          Arrays.stream(infos)
              .filter(info -> info != null && info.getStackTrace().length == 0)
              .map(ThreadInfo::getThreadId)
              .collect(toSet());
      return difference(ids, starting);
    }

    private static Set<Long> union(Set<Long> ids, Set<Long> others) {
      Set<Long> all = new HashSet<>(ids);
      all.addAll(others);
      return all;
    }

    private static Set<Long> difference(Set<Long> ids, Set<Long> others) {
      Set<Long> rest = new HashSet<>(ids);
      rest.removeAll(others);
      return rest;
    }

    private void end() {
      ThreadStartRecording current = recording;
      if (current != null) {
        Guard.run("the end of the recording", current::close, lost -> {});
      }
    }

    private Set<Long> liveIds() {
      return Arrays.stream(LiveThreads.platformThreads()).map(LiveThreads::id).collect(toSet());
    }

    private long startedThreads() {
      return THREADS.getTotalStartedThreadCount();
    }
  }
}
