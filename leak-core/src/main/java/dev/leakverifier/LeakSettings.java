package dev.leakverifier;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import com.google.common.io.Closer;
import dev.leakverifier.origin.OriginRecorder;
import dev.leakverifier.thread.KnownThread;
import dev.leakverifier.thread.LibraryThread;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/** All options of a check, resolved once. */
final class LeakSettings {
  static final Duration DEFAULT_MAX_WAIT = Duration.ofSeconds(1);

  private final ImmutableList<ThreadFilter> filters;
  private final ImmutableList<CurrentThreads> current;
  private final ImmutableList<IntConsumer> cleanups;
  private final Duration maxWait;
  private final boolean runOnFailure;
  private final boolean knownLibraries;
  private final boolean virtualThreads;
  private final LeakPolicy policy;

  private LeakSettings(Builder builder) {
    this.filters = builder.filters.build();
    this.current = builder.current.build();
    this.cleanups = builder.cleanups.build();
    this.maxWait = builder.maxWait;
    this.runOnFailure = builder.runOnFailure;
    this.knownLibraries = builder.knownLibraries;
    this.virtualThreads = builder.virtualThreads;
    this.policy = new LeakPolicy(builder.warnOnly, builder.accepted, builder.acceptCurrent);
  }

  static LeakSettings of(LeakOption... options) {
    checkNotNull(options, "options");
    Builder builder = new Builder();
    for (int i = 0; i < options.length; i++) {
      checkNotNull(options[i], "options[%s]", i).applyTo(builder);
    }
    for (ThreadFilter filter : builder.filters.build()) {
      if (filter.needsOrigins()) {
        checkOrigins(filter);
      }
    }
    return new LeakSettings(builder);
  }

  static LeakSettings of(List<LeakOption> options) {
    return of(options.toArray(LeakOption[]::new));
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
    return KnownThread.of(thread).isPresent()
        || current.stream().anyMatch(then -> then.mayContain(thread));
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
    Closer closer = Closer.create();
    cleanups.reverse().forEach(cleanup -> closer.register(() -> cleanup.accept(exitCode)));
    try {
      closer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // no cleanup can throw it
    }
  }

  Duration maxWait() {
    return maxWait;
  }

  ImmutableList<CurrentThreads> current() {
    return current;
  }

  ImmutableList<IntConsumer> cleanups() {
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
    private final ImmutableList.Builder<ThreadFilter> filters = ImmutableList.builder();
    private final ImmutableList.Builder<CurrentThreads> current = ImmutableList.builder();
    private final ImmutableList.Builder<IntConsumer> cleanups = ImmutableList.builder();
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
