package dev.leakverifier.thread;

import static dev.leakverifier.thread.ThreadMarks.runs;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Threads of widely used libraries, of two kinds: those that the whole JVM shares and nobody can
 * stop, which are no leak, and those that a forgotten call leaves.
 */
public enum LibraryThread {
  NETTY_GLOBAL_EVENT_EXECUTOR(
      "Netty's GlobalEventExecutor",
      "the JVM has one, which ends after a second without work",
      runs("io.netty.util.concurrent.GlobalEventExecutor$TaskRunner")),
  NETTY_EVENT_LOOP(
      "a Netty event loop", runs("io.netty.channel."), "EventLoopGroup.shutdownGracefully()");

  private final String what;
  private final @Nullable String reason;
  private final @Nullable String missingCall;

  @SuppressWarnings("ImmutableEnumChecker") // the rules keep no state
  private final Predicate<ThreadSample> rule;

  /** A thread that nobody can stop, for that reason. */
  LibraryThread(String what, String reason, Predicate<ThreadSample> rule) {
    this.what = what;
    this.reason = reason;
    this.missingCall = null;
    this.rule = rule;
  }

  /** A thread that lives until {@code missingCall}. */
  LibraryThread(String what, Predicate<ThreadSample> rule, String missingCall) {
    this.what = what;
    this.reason = null;
    this.missingCall = missingCall;
    this.rule = rule;
  }

  /** The entry that {@code thread} is, if it is any. */
  public static Optional<LibraryThread> of(ThreadSample thread) {
    return Arrays.stream(values()).filter(known -> known.rule.test(thread)).findFirst();
  }

  /** Whether the JVM has one for all, so that it is no leak. */
  public boolean isShared() {
    return missingCall == null;
  }

  /** What it is, for readers. */
  public String what() {
    return what;
  }

  /** Why it is no leak; empty where it is one. */
  public Optional<String> reason() {
    return Optional.ofNullable(reason);
  }

  /** The call that would have ended it; empty where nobody can. */
  public Optional<String> missingCall() {
    return Optional.ofNullable(missingCall);
  }
}
