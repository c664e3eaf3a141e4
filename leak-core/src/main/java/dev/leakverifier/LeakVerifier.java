package dev.leakverifier;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkNotNull;

import dev.leakverifier.check.Baseline;
import dev.leakverifier.check.Check;
import dev.leakverifier.check.ThreadFilter;
import dev.leakverifier.origin.OriginRecorder;
import dev.leakverifier.settings.Choice;
import dev.leakverifier.settings.Settings;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/**
 * Finds the threads that a test leaves running.
 *
 * <pre>{@code
 * try (LeakScope scope = LeakVerifier.scope()) {
 *   new Service().start();
 * } // throws LeakError: nobody stopped the service
 * }</pre>
 *
 * <p>Threads that are just ending are waited for ({@link #maxWait}); the JVM's own and the test
 * runner's never count. Virtual threads count like others (JDK 21 or newer). All methods may be
 * called from any thread.
 */
public final class LeakVerifier {
  private LeakVerifier() {}

  /**
   * Throws if threads are left that are not to be ignored.
   *
   * <pre>{@code
   * try {
   *   service.handle(request);
   * } finally {
   *   service.stop();
   *   LeakVerifier.verifyNone();
   * }
   * }</pre>
   *
   * <p>There is no baseline: every live thread counts that is not the calling thread, the JVM's
   * own, or ignored. Where other threads live on rightly, use {@link #scope}.
   *
   * @throws LeakError if a thread is left; its message is the report
   * @throws IllegalArgumentException if {@code ignoreCurrent()} was made in this very statement: it
   *     would ignore every leak
   * @throws IllegalStateException if a predicate given to {@link #ignoreFunc} throws
   */
  public static void verifyNone(LeakOption... options) {
    LeakScope everything = everything(LeakOption.settings(options));
    refuseCurrentOfThisStatement(options);
    everything.close();
  }

  /**
   * Looks for threads that are left, as {@link #verifyNone} does, but only reports them.
   *
   * @return the report; empty when clean
   * @throws IllegalArgumentException if given {@link #cleanup}, {@link #runOnFailure} or {@link
   *     #warnOnly}, which mean nothing here
   * @throws IllegalStateException if a predicate given to {@link #ignoreFunc} throws
   */
  public static LeakReport find(LeakOption... options) {
    Settings settings = LeakOption.settings(options);
    settings.refuseForRun(
        "find(...)",
        "pass it to verifyNone or to a suite-level check",
        "pass it to a suite-level check");
    checkArgument(
        !settings.policy().warnOnly(),
        "find(...) does not take warnOnly(): it returns the report, and never throws for a leak");
    return everything(settings).check();
  }

  /**
   * Opens a scope: the threads alive now are its baseline, and those that are new when it closes
   * are leaks.
   *
   * <pre>{@code
   * try (LeakScope scope = LeakVerifier.scope()) {
   *   service.handle(request);
   * }
   * }</pre>
   */
  public static LeakScope scope(LeakOption... options) {
    return new LeakScope(Check.JVM, LeakOption.settings(options));
  }

  /**
   * Ignores threads whose top function is {@code function}: the topmost frame as it is, or the
   * topmost one once the JDK's own frames above it are passed over.
   *
   * <p>So both {@code java.lang.Thread.sleep} and {@code com.acme.Worker.run} match a worker that
   * sleeps, on every JDK ({@link ThreadSample#standsIn}).
   *
   * @param function {@code Class.getName() + "." + method}, e.g. {@code com.acme.Outer$Inner.run}
   */
  public static LeakOption ignoreTopFunction(String function) {
    return ignore(ThreadFilter.topFunction(function));
  }

  /**
   * Ignores threads that have {@code function} anywhere in their stack.
   *
   * @param function {@code Class.getName() + "." + method}, e.g. {@code com.acme.Outer$Inner.run}
   */
  public static LeakOption ignoreAnyFunction(String function) {
    return ignore(ThreadFilter.anyFunction(function));
  }

  /**
   * Ignores threads that {@code function} started: whose starter's stack has it as its first frame
   * outside the JDK, or as its first frame of the project's own code. So it is the function that
   * made a pool start a worker, too, and the one that called a library which started threads.
   *
   * <p>Needs to know who started them: where {@link #recordOrigins} was not called, and no listener
   * or rule records origins, the check is refused with an {@link IllegalArgumentException}. Virtual
   * threads never match.
   *
   * @param function {@code Class.getName() + "." + method}, e.g. {@code com.acme.Pool.submit}
   */
  public static LeakOption ignoreCreatedBy(String function) {
    return ignore(ThreadFilter.createdBy(function));
  }

  /**
   * Ignores the threads that are alive now, when the option is made.
   *
   * <p>Make it before the code under test runs; {@link #scope} does the same with less to go wrong.
   */
  public static LeakOption ignoreCurrent() {
    Baseline current = Baseline.of(Check.JVM.list());
    return new LeakOption(
        new Choice("ignoreCurrent()", settings -> settings.check().ignore(current)),
        CallSite.of(LeakVerifier.class));
  }

  /**
   * Ignores the threads that {@code predicate} accepts.
   *
   * <p>It may be asked several times about one thread, about threads of the JVM, and from any
   * thread. If it throws, the check ends with an {@link IllegalStateException} that carries the
   * cause.
   */
  public static LeakOption ignoreFunc(Predicate<? super ThreadSample> predicate) {
    return ignore(ThreadFilter.of(predicate));
  }

  /**
   * Ignores threads by name.
   *
   * @param glob the whole name, where {@code *} stands for any characters and {@code ?} for one,
   *     e.g. {@code grpc-*}
   */
  public static LeakOption ignoreName(String glob) {
    return ignore(ThreadFilter.name(glob));
  }

  /**
   * Records from here on who starts threads, so that reports show the line, and {@link
   * #ignoreCreatedBy} and {@link ThreadSample#createdBy} can work.
   *
   * <pre>{@code
   * private static final LeakOption ORIGINS = LeakVerifier.recordOrigins();
   * }</pre>
   *
   * <p>Recording starts when the option is made, not when it is used, and goes on until the JVM
   * exits. The first time it takes some tenths of a second, since it starts the JVM's flight
   * recorder; then a thread start costs some microseconds more. What is recorded is kept in the
   * flight recorder's folder, at most 32 MB, and in memory for the threads that live. The listeners
   * and the rule record origins by themselves. Virtual threads are not recorded.
   */
  public static LeakOption recordOrigins() {
    OriginRecorder.JVM.start().await();
    return new LeakOption(new Choice("recordOrigins()", settings -> {}));
  }

  /**
   * Sets the longest wait for threads that are ending; zero looks once. Where it is not set, it is
   * 5 s for a kind of thread that has outlived no wait in this JVM, and 1 s for others. What stands
   * where threads of its kind have outlived several waits is waited for only briefly.
   *
   * <p>The wait is over as soon as nothing is left to wait for. What the ending threads themselves
   * have started meanwhile is waited for as long again; a thread that lives on only until its
   * unreachable owner is collected gets a little more. An interrupt of the waiting thread, from
   * before or meanwhile, does not end the wait: no thread is a leak because of it. It is restored.
   */
  public static LeakOption maxWait(Duration maxWait) {
    checkNotNull(maxWait, "maxWait");
    checkArgument(!maxWait.isNegative(), "maxWait (%s) must not be negative", maxWait);
    return new LeakOption(Choice.maxWait(maxWait));
  }

  /**
   * Runs {@code cleanup} after the check, leak or not.
   *
   * @param cleanup gets 0 from {@link #verifyNone} and {@link LeakScope#close}, the run's exit code
   *     (0 or 1) from a suite-level check
   */
  public static LeakOption cleanup(IntConsumer cleanup) {
    checkNotNull(cleanup, "cleanup");
    return new LeakOption(
        new Choice("cleanup(" + cleanup + ")", settings -> settings.cleanup(cleanup)));
  }

  /** Makes suite-level checks also look when tests have failed. */
  public static LeakOption runOnFailure() {
    return new LeakOption(Choice.runOnFailure());
  }

  /**
   * Says whether threads are ignored that a known library shares with the whole JVM, and that
   * nobody can stop; the default is {@code true}.
   *
   * <p>A report counts the ignored ones in a line. {@link dev.leakverifier.thread.LibraryThread}
   * lists them.
   */
  public static LeakOption knownLibraries(boolean ignored) {
    return new LeakOption(Choice.knownLibraries(ignored));
  }

  /**
   * Says whether virtual threads are looked for; the default is {@code true}.
   *
   * <p>With {@code false} the JVM is never asked for a thread dump, nor for a heap dump, which
   * takes its place on JDK 25 (<a
   * href="https://bugs.openjdk.org/browse/JDK-8364343">JDK-8364343</a>).
   */
  public static LeakOption virtualThreads(boolean seen) {
    return new LeakOption(Choice.virtualThreads(seen));
  }

  /**
   * Logs what would have failed, at level WARN under {@code dev.leakverifier}, and fails nothing:
   * for an old code base whose leaks cannot all be fixed at once.
   *
   * <pre>{@code
   * @Rule(order = Integer.MIN_VALUE)
   * public final LeakVerifierRule leaks = LeakVerifierRule.verifyNone(LeakVerifier.warnOnly());
   * }</pre>
   *
   * <p>{@link LeakScope#check} is not changed by it. In a listener or a rule the setting {@code
   * leak.action} is stronger.
   */
  public static LeakOption warnOnly() {
    return new LeakOption(Choice.warnOnly());
  }

  private static LeakOption ignore(ThreadFilter filter) {
    return new LeakOption(Choice.ignore(filter));
  }

  private static void refuseCurrentOfThisStatement(LeakOption... options) {
    for (LeakOption option : options) {
      CallSite madeAt = option.madeAt();
      if (madeAt != null) {
        checkArgument(
            !madeAt.isArgumentOf(CallSite.of(LeakVerifier.class)),
            """
            verifyNone(ignoreCurrent()) can never find a leak: Java evaluates ignoreCurrent() right \
            before the check, when the leaked threads are already running. Open a scope before the \
            code under test:

                try (LeakScope scope = LeakVerifier.scope()) {
                  // code under test
                }
            """);
      }
    }
  }

  private static LeakScope everything(Settings settings) {
    return new LeakScope(Check.JVM, settings, Baseline.NONE);
  }
}
