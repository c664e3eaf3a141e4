package dev.leakverifier.profile;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Profiles of a shop that never ran. */
final class Profiles {
  static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

  /** Above all ids of real threads. */
  private static final long FIRST_VIRTUAL_ID = 1L << 40;

  private Profiles() {}

  static ThreadProfile of(Instant time, List<ThreadSample> threads) {
    return ThreadProfile.of(time, threads, ImmutableList.of());
  }

  /** Five orders that wait, two idle workers, a virtual thread, and one of the JVM's own. */
  static ThreadProfile shop() {
    return ThreadProfile.of(
        NOON.plusMillis(30_007),
        all(
            List.of(
                List.of(worker("pool-1-thread-1"), poller(90)),
                orders(5),
                List.of(worker("pool-1-thread-2"), price(70), refund()))),
        ImmutableList.of("virtual threads that belong to no executor"));
  }

  static List<ThreadSample> all(List<List<ThreadSample>> parts) {
    return parts.stream().flatMap(List::stream).toList();
  }

  /** The second one stands at another line than the others, and the fourth has just come. */
  static List<ThreadSample> orders(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                Samples.of(
                    "order-" + i,
                    i == 3 ? Thread.State.RUNNABLE : Thread.State.WAITING,
                    "java.base/jdk.internal.misc.Unsafe.park",
                    "java.base/java.util.concurrent.CountDownLatch.await:230",
                    "com.acme.Orders.await:" + (i == 1 ? 32 : 31),
                    "com.acme.Orders$1.run:18",
                    "java.base/java.lang.Thread.run:840"))
        .toList();
  }

  static ThreadSample worker(String name) {
    return Samples.of(
        name,
        Thread.State.WAITING,
        "java.base/jdk.internal.misc.Unsafe.park",
        "java.base/java.util.concurrent.LinkedBlockingQueue.take:435",
        "java.base/java.util.concurrent.ThreadPoolExecutor.getTask:1062",
        "java.base/java.lang.Thread.run:840");
  }

  static ThreadSample price(long id) {
    return Samples.virtual(
        FIRST_VIRTUAL_ID + id,
        "",
        "java.util.concurrent.ThreadPerTaskExecutor@1b2c3d",
        Thread.State.RUNNABLE,
        "com.acme.Prices.follow:7",
        "java.base/java.lang.VirtualThread.run:309");
  }

  /** A virtual thread that the JVM has for itself. */
  static ThreadSample poller(long id) {
    return Samples.virtual(
        FIRST_VIRTUAL_ID + id,
        "Read-Poller",
        "",
        Thread.State.WAITING,
        "java.base/sun.nio.ch.Poller.subPollerLoop:218",
        "java.base/java.lang.VirtualThread.run:309");
  }

  /** A thread of which it is known who started it. */
  static ThreadSample refund() {
    return Samples.startedBy(
        new ThreadOrigin(
            1,
            "main",
            List.of(
                Samples.frame("java.base/java.lang.Thread.start:1525"),
                Samples.frame("com.acme.Refunds.start:12")),
            Optional.empty()),
        "refund");
  }

  /** {@code text} without the ids of threads, which differ from run to run. */
  static String withoutIds(String text) {
    return text.replaceAll("#\\d+", "#id").replaceAll("\"id\":\\d+", "\"id\":0");
  }
}
