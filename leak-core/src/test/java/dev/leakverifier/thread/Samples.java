package dev.leakverifier.thread;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.jvm.IdSet;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.jvm.ThreadClock;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.jvm.VirtualListing;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Makes samples of threads that never ran, for tests of texts and rules. */
public final class Samples {
  private Samples() {}

  /**
   * A sample with frames given as {@code com.acme.Pool.run:31}, or as {@code
   * java.base/java.lang.Thread.run:840} for a frame of the JDK, topmost first.
   */
  public static ThreadSample of(String name, Thread.State state, String... frames) {
    return of(new Thread(name), Thread.class.getName(), state, frames);
  }

  /** A virtual thread of {@code owner}, which is empty if it has none. */
  public static ThreadSample virtual(
      long id, String name, String owner, Thread.State state, String... frames) {
    return ThreadSample.builder(id, name, state)
        .virtual()
        .owner(owner.isEmpty() ? Optional.empty() : Optional.of(owner))
        .frames(stack(frames))
        .build();
  }

  /** The same thread, which has been interrupted. */
  public static ThreadSample interrupted(ThreadSample thread) {
    return thread.toBuilder().interrupted(true).build();
  }

  /** A sample of {@code thread}, which wants the monitor that {@code holder} has. */
  public static ThreadSample blocked(Thread thread, Thread holder, String... frames) {
    ThreadLock lock =
        new ThreadLock("com.acme.Account", "1b2c3d", OptionalLong.of(LiveThreads.id(holder)));
    return LiveThreads.describe(thread, Thread.State.BLOCKED)
        .threadClass(Thread.class.getName())
        .frames(stack(frames))
        .lock(Optional.of(lock))
        .build();
  }

  /** The platform threads of {@code listing}, in a JVM that cannot tell the virtual ones. */
  public static ThreadListing blind(ThreadListing listing, String reason) {
    return new ThreadListing(
        listing.threads().stream()
            .flatMap(live -> Stream.ofNullable(live.thread()))
            .toArray(Thread[]::new),
        VirtualListing.unknown(reason, listing.virtual().at()));
  }

  /** Virtual threads of these ids; {@code made} is how many were ever made. */
  public static VirtualListing virtualListing(long made, long... ids) {
    return VirtualListing.of(IdSet.of(ids), null, new ThreadClock(made, made, -1));
  }

  /** A sample of {@code thread}, which {@code origin} tells the start of. */
  public static ThreadSample of(
      Thread thread, Optional<ThreadOrigin> origin, Thread.State state, String... frames) {
    return LiveThreads.describe(thread, state).frames(stack(frames)).origin(() -> origin).build();
  }

  /** A sample of {@code thread}, which is of a class of this name. */
  public static ThreadSample of(
      Thread thread, String threadClass, Thread.State state, String... frames) {
    return LiveThreads.describe(thread, state)
        .threadClass(threadClass)
        .frames(stack(frames))
        .build();
  }

  /** A sample of a waiting thread that {@code origin} tells the start of. */
  public static ThreadSample startedBy(ThreadOrigin origin, String name) {
    return startedBy(origin, name, "java.base/java.lang.Object.wait");
  }

  static ThreadSample startedBy(ThreadOrigin origin, String name, String... frames) {
    return of(new Thread(name), Optional.of(origin), Thread.State.WAITING, frames);
  }

  private static ImmutableList<StackTraceElement> stack(String... frames) {
    return Arrays.stream(frames).map(Samples::frame).collect(toImmutableList());
  }

  /** A frame given as in {@link #of}. */
  public static StackTraceElement frame(String text) {
    int slash = text.indexOf('/');
    int colon = text.indexOf(':');
    String function = text.substring(slash + 1, colon < 0 ? text.length() : colon);
    String className = function.substring(0, function.lastIndexOf('.'));
    String simpleName = className.replaceAll(".*\\.|\\$.*", "");
    return new StackTraceElement(
        null,
        slash < 0 ? null : text.substring(0, slash),
        null,
        className,
        function.substring(function.lastIndexOf('.') + 1),
        simpleName + ".java",
        colon < 0 ? -1 : Integer.parseInt(text.substring(colon + 1)));
  }
}
