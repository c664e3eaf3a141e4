package dev.leakverifier.check;

import static com.google.common.base.Preconditions.checkArgument;

import dev.leakverifier.origin.OriginRecorder;
import dev.leakverifier.thread.KnownThread;
import dev.leakverifier.thread.LibraryThread;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a check ignores, and how long it waits.
 *
 * @param ignored the threads that are ignored since they were there at some instant
 * @param knownLibraries whether those of libraries are no leak that nobody can stop
 * @param heap whether the heap is read for who holds what is left
 */
public record CheckSettings(
    List<ThreadFilter> filters,
    List<Baseline> ignored,
    WaitLimits limits,
    boolean knownLibraries,
    boolean seesVirtualThreads,
    HeapUse heap) {
  /** Whether {@code thread} is no suspect: for what it is, or since it was there before. */
  public boolean excuses(ThreadSample thread) {
    return KnownThread.of(thread).isPresent() || wasThere(thread.id(), thread.isVirtual());
  }

  /** Whether the thread is ignored since it was there at some instant. */
  boolean wasThere(long id, boolean isVirtual) {
    for (Baseline then : ignored) {
      if (then.mayContain(id, isVirtual)) {
        return true;
      }
    }
    return false;
  }

  /** The option that ignores {@code thread}, as it was called, if one does. */
  public Optional<String> ignoredBy(ThreadSample thread) {
    for (ThreadFilter filter : filters) {
      if (filter.matches(thread)) {
        return Optional.of(filter.call());
      }
    }
    return Optional.empty();
  }

  /** Whether {@code thread} belongs to a library that shares it with the whole JVM. */
  public boolean isShared(ThreadSample thread) {
    return knownLibraries && LibraryThread.isShared(thread);
  }

  /** Collects what options say; the last one to set a single value wins. */
  public static final class Builder {
    private final List<ThreadFilter> filters = new ArrayList<>();
    private final List<Baseline> ignored = new ArrayList<>();
    private Optional<Duration> maxWait = Optional.empty();
    private Optional<Duration> firstWait = Optional.empty();
    private boolean knownLibraries = true;
    private boolean virtualThreads = true;
    private Optional<HeapUse> heap = Optional.empty();

    public void ignore(ThreadFilter filter) {
      filters.add(filter);
    }

    public void ignore(Baseline threads) {
      ignored.add(threads);
    }

    public void maxWait(Duration duration) {
      maxWait = Optional.of(duration);
    }

    public void firstWait(Duration duration) {
      firstWait = Optional.of(duration);
    }

    public void knownLibraries(boolean ignored) {
      knownLibraries = ignored;
    }

    public void virtualThreads(boolean seen) {
      virtualThreads = seen;
    }

    public void heap(HeapUse use) {
      heap = Optional.of(use);
    }

    /** Refuses a filter that could never match. */
    public CheckSettings build() {
      for (ThreadFilter filter : filters) {
        if (filter.needsOrigins()) {
          checkOrigins(filter);
        }
      }
      return new CheckSettings(
          List.copyOf(filters),
          List.copyOf(ignored),
          limits(),
          knownLibraries,
          virtualThreads,
          heap.isPresent() ? heap.get() : HeapUse.ofJvm());
    }

    /** Who sets the longest wait means all waits. */
    private WaitLimits limits() {
      Duration most = maxWait.orElse(WaitLimits.DEFAULT_MOST);
      Duration first =
          firstWait.isPresent() ? firstWait.get() : maxWait.orElse(WaitLimits.DEFAULT_FIRST);
      return new WaitLimits(first.compareTo(most) < 0 ? most : first, most);
    }

    private static void checkOrigins(ThreadFilter filter) {
      checkArgument(
          OriginRecorder.JVM.isOn(),
          "%s needs to know who started a thread, and that is not recorded: %s",
          filter.call(),
          OriginRecorder.JVM
              .failure()
              .orElse(
                  "call LeakVerifier.recordOrigins() before the code under test runs, or, in a"
                      + " listener or a rule, do not set leak.origins=false"));
    }
  }
}
