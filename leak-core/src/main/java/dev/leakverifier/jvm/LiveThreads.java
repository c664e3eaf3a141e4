package dev.leakverifier.jvm;

import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * The threads of this JVM.
 *
 * <p>Listing walks the root thread group, which costs microseconds, and takes a dump only where
 * virtual threads have been made; a note takes none. Stacks are read in one go, and only those that
 * are asked for. Neither calls a method that a thread's class could override.
 */
public final class LiveThreads implements ThreadSource {
  /** The threads of this JVM, of which nobody knows who started them. */
  public static final ThreadSource JVM = withOrigins(id -> Optional.empty());

  private final VirtualThreads virtualThreads;
  private final LongFunction<Optional<ThreadOrigin>> origins;

  LiveThreads(VirtualThreads virtualThreads, LongFunction<Optional<ThreadOrigin>> origins) {
    this.virtualThreads = virtualThreads;
    this.origins = origins;
  }

  /**
   * The threads of this JVM.
   *
   * @param origins tells for a thread's id who started it; asked when a sample is asked
   */
  public static ThreadSource withOrigins(LongFunction<Optional<ThreadOrigin>> origins) {
    return new LiveThreads(VirtualThreads.ofJvm(), origins);
  }

  /**
   * The threads of a service in production: on JDK 25 without the virtual ones, which only what can
   * crash it or make it stand still would tell.
   */
  public static ThreadSource ofService(LongFunction<Optional<ThreadOrigin>> origins) {
    return new LiveThreads(VirtualThreads.ofService(), origins);
  }

  /** The same with the virtual ones from thread dumps, as the user has asked, on JDK 25 too. */
  public static ThreadSource withThreadDumps(LongFunction<Optional<ThreadOrigin>> origins) {
    return new LiveThreads(VirtualThreads.asAsked(), origins);
  }

  /** The id that the JVM gave {@code thread}. */
  public static long id(Thread thread) {
    return ThreadIds.of(thread);
  }

  @Override
  public ThreadListing list() {
    return new ThreadListing(PlatformThreads.list(), virtualThreads.list());
  }

  @Override
  public ThreadListing note() {
    return new ThreadListing(PlatformThreads.list(), virtualThreads.note());
  }

  @Override
  public ThreadListing listSince(VirtualListing earlier) {
    return new ThreadListing(PlatformThreads.list(), virtualThreads.listSince(earlier));
  }

  @Override
  public ThreadSource platformOnly() {
    return new LiveThreads(VirtualThreads.none(), origins);
  }

  @Override
  public Optional<String> gap() {
    return ThreadInfos.GAP;
  }

  /** Every live platform thread; reads no stack. */
  public static Thread[] platformThreads() {
    Thread[] threads = PlatformThreads.list();
    int count = threads.length;
    while (count > 0 && threads[count - 1] == null) {
      count--;
    }
    return Arrays.copyOf(threads, count);
  }

  @Override
  public Sampling sample(Collection<LiveThread> threads) {
    return sample(threads, virtualThreads::sample);
  }

  @Override
  public Sampling glance(Collection<LiveThread> threads) {
    return sample(threads, virtualThreads::glance);
  }

  private Sampling sample(
      Collection<LiveThread> threads, Function<Set<Long>, Sampling> virtualSampling) {
    List<Thread> platform = new ArrayList<>(threads.size());
    Set<Long> virtual = new HashSet<>();
    for (LiveThread live : threads) {
      if (live.thread() == null) {
        virtual.add(live.id());
      } else {
        platform.add(live.thread());
      }
    }
    List<ThreadSample> samples = PlatformSamples.of(platform, origins, /* withCpuTime= */ true);
    return virtual.isEmpty()
        ? new Sampling(samples, Optional.empty())
        : virtualSampling.apply(virtual).after(samples);
  }

  /**
   * Takes one thread dump where {@link #list} and {@link #sample} would take two, and leaves the
   * CPU times out, which are told of one thread at a time.
   */
  @Override
  public Sampling sampleAll() {
    List<Thread> platform = Arrays.asList(platformThreads());
    return virtualThreads
        .sampleAll()
        .after(PlatformSamples.of(platform, origins, /* withCpuTime= */ false));
  }

  /** What platform threads look like of which nobody knows who started them. */
  public static List<ThreadSample> samplePlatform(List<Thread> threads) {
    return PlatformSamples.of(threads, id -> Optional.empty(), /* withCpuTime= */ true);
  }

  /** What {@code thread} is, without what it does. */
  public static ThreadSample.Builder describe(Thread thread, Thread.State state) {
    return PlatformSamples.describe(thread, state);
  }
}
