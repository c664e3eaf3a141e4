package dev.leakverifier;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Throwables.throwIfUnchecked;
import static java.util.Objects.requireNonNull;

import dev.leakverifier.origin.OriginRecorder;
import dev.leakverifier.thread.KnownThread;
import dev.leakverifier.thread.LibraryThread;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * All options of a check, resolved once.
 *
 * <p>Uses the JDK's collections: a clean check in a fresh JVM then loads nothing of Guava, which
 * would take half of its time.
 */
final class LeakSettings {
  static final Duration DEFAULT_MAX_WAIT = Duration.ofSeconds(1);

  private final List<ThreadFilter> filters;
  private final List<CurrentThreads> current;
  private final List<IntConsumer> cleanups;
  private final Duration maxWait;
  private final boolean runOnFailure;
  private final boolean knownLibraries;
  private final boolean virtualThreads;
  private final LeakPolicy policy;

  private LeakSettings(Builder builder) {
    this.filters = List.copyOf(builder.filters);
    this.current = List.copyOf(builder.current);
    this.cleanups = List.copyOf(builder.cleanups);
    this.maxWait = builder.maxWait;
    this.runOnFailure = builder.runOnFailure;
    this.knownLibraries = builder.knownLibraries;
    this.virtualThreads = builder.virtualThreads;
    this.policy = new LeakPolicy(builder.warnOnly, builder.accepted, builder.acceptCurrent);
  }

  static LeakSettings of(LeakOption... options) {
    requireNonNull(options, "options");
    Builder builder = new Builder();
    for (int i = 0; i < options.length; i++) {
      if (options[i] == null) {
        throw new NullPointerException("options[" + i + "]");
      }
      options[i].applyTo(builder);
    }
    for (ThreadFilter filter : builder.filters) {
      if (filter.needsOrigins()) {
        checkOrigins(filter);
      }
    }
    return new LeakSettings(builder);
  }

  static LeakSettings of(List<LeakOption> options) {
    return of(options.toArray(new LeakOption[0]));
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

  /** Whether {@code thread} is no suspect: for what it is, or since it was there before. */
  boolean excuses(ThreadSample thread) {
    if (KnownThread.of(thread).isPresent()) {
      return true;
    }
    for (CurrentThreads then : current) { // a loop, since it is asked for each new thread
      if (then.mayContain(thread)) {
        return true;
      }
    }
    return false;
  }

  /** The option that ignores {@code thread}, as it was called, if one does. */
  Optional<String> ignoredBy(ThreadSample thread) {
    for (ThreadFilter filter : filters) { // a loop, since it is asked for each new thread
      if (filter.matches(thread)) {
        return Optional.of(filter.call());
      }
    }
    return Optional.empty();
  }

  boolean seesVirtualThreads() {
    return virtualThreads;
  }

  /** Whether {@code thread} belongs to a library that shares it with the whole JVM. */
  boolean isShared(ThreadSample thread) {
    return knownLibraries && LibraryThread.isShared(thread);
  }

  /**
   * Runs {@code check}, then the cleanups, whatever the check threw; that error stays the first.
   */
  @SuppressWarnings("try") // closing is all that the resource is for
  void cleanUpAfter(Runnable check) {
    try (Cleanups atTheEnd = () -> cleanUp(0)) {
      check.run();
    }
  }

  /** Runs all cleanups, also after one that throws; the first error comes out. */
  void cleanUp(int exitCode) {
    Throwable first = null;
    for (IntConsumer cleanup : cleanups) {
      try {
        cleanup.accept(exitCode);
      } catch (Throwable e) {
        if (first == null) {
          first = e;
        } else if (first != e) {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throwIfUnchecked(first);
      throw new IllegalStateException(
          "a cleanup threw " + first, first); // not every language checks
    }
  }

  Duration maxWait() {
    return maxWait;
  }

  List<CurrentThreads> current() {
    return current;
  }

  List<IntConsumer> cleanups() {
    return cleanups;
  }

  boolean runOnFailure() {
    return runOnFailure;
  }

  LeakPolicy policy() {
    return policy;
  }

  private interface Cleanups extends AutoCloseable {
    @Override
    void close();
  }

  /** Collects what the options say; the last one to set a single value wins. */
  static final class Builder {
    private final List<ThreadFilter> filters = new ArrayList<>();
    private final List<CurrentThreads> current = new ArrayList<>();
    private final List<IntConsumer> cleanups = new ArrayList<>();
    private Duration maxWait = DEFAULT_MAX_WAIT;
    private boolean runOnFailure;
    private boolean knownLibraries = true;
    private boolean virtualThreads = true;
    private boolean warnOnly;
    private Optional<AcceptedLeaks> accepted = Optional.empty();
    private boolean acceptCurrent;

    void ignore(ThreadFilter filter) {
      filters.add(filter);
    }

    void ignore(CurrentThreads threads) {
      current.add(threads);
    }

    void cleanup(IntConsumer cleanup) {
      cleanups.add(cleanup);
    }

    void maxWait(Duration duration) {
      maxWait = duration;
    }

    void runOnFailure() {
      runOnFailure = true;
    }

    void knownLibraries(boolean excused) {
      knownLibraries = excused;
    }

    void virtualThreads(boolean seen) {
      virtualThreads = seen;
    }

    void warnOnly(boolean wanted) {
      warnOnly = wanted;
    }

    void accept(AcceptedLeaks leaks, boolean current) {
      accepted = Optional.of(leaks);
      acceptCurrent = current;
    }
  }
}
