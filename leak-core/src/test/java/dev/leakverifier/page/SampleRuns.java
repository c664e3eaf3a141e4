package dev.leakverifier.page;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.leakverifier.check.Findings;
import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.diagnosis.Observation;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Runs that never were, for tests of what is written of them. */
final class SampleRuns {
  /** What would run, close an element or end a string if it were taken for markup. */
  static final String HOSTILE =
      "</script><script>document.title='!'</script>\"'`&<img src=x onerror=alert(1)>\u202e";

  private static final String BUILD = "4711@2026-11-24T21:15:31.120Z";
  private static final Instant START = Instant.parse("2026-11-24T21:15:47Z");

  private static final String[] IDLE = {
    "java.base/jdk.internal.misc.Unsafe.park",
    "java.base/java.util.concurrent.locks.LockSupport.park:341",
    "java.base/java.util.concurrent.LinkedBlockingQueue.take:435",
    "java.base/java.util.concurrent.ThreadPoolExecutor.getTask:1062",
    "java.base/java.util.concurrent.ThreadPoolExecutor.runWorker:1122",
    "java.base/java.lang.Thread.run:840",
  };

  private SampleRuns() {}

  /** Nothing has leaked. */
  static RunReport clean() {
    return new RunReport(
        BUILD,
        START,
        Duration.ofMillis(800),
        List.of(),
        0,
        List.of(life(40, "worker-1", "CheckoutTest.pays", 0, 300, 400, false)),
        0);
  }

  /** A run as many teams have it. */
  static RunReport everyday() {
    ThreadOrigin origin =
        new ThreadOrigin(
            1,
            "main",
            List.of(
                Samples.frame("java.base/java.util.concurrent.ThreadPoolExecutor.addWorker:945"),
                Samples.frame("com.acme.Pool.submit:52"),
                Samples.frame("com.acme.CheckoutTest.pays:31"),
                Samples.frame("java.base/java.lang.reflect.Method.invoke:568")),
            Optional.empty());
    ThreadSample poller =
        Samples.of(
            "price-poller",
            Thread.State.TIMED_WAITING,
            "java.base/java.lang.Thread.sleep",
            "com.acme.Poller.poll:31",
            "com.acme.Poller.run:22",
            "java.base/java.lang.Thread.run:840");
    ThreadSample hostile =
        Samples.of(HOSTILE, Thread.State.RUNNABLE, "com.acme.Evil.<init>:3", "com.acme.Evil.run:9");
    return new RunReport(
        BUILD,
        START,
        Duration.ofMillis(12_400),
        List.of(
            leak(
                "CheckoutTest.pays(EUR)",
                Samples.of("pool-1-thread-1", Thread.State.WAITING, IDLE),
                Samples.of("pool-1-thread-2", Thread.State.WAITING, IDLE),
                Samples.startedBy(origin, "w-1")),
            leak("PriceTest.followsThePricesForever", poller),
            leak("EvilTest.<script>\"name\"</script>", hostile),
            leak(
                "BillingTest.bills",
                List.of(
                    Samples.of(
                        "globalEventExecutor-1-1",
                        Thread.State.TIMED_WAITING,
                        "io.netty.util.concurrent.GlobalEventExecutor.takeTask:95")),
                Set.of("who started them: that is not recorded"),
                Samples.of("pool-7-thread-1", Thread.State.WAITING, IDLE),
                Samples.virtual(
                    Integer.MAX_VALUE, // the youngest, however many samples other tests have made
                    "",
                    "java.util.concurrent.ThreadPerTaskExecutor@1b2c3d",
                    Thread.State.WAITING,
                    "com.acme.Bill.print:22"))),
        0,
        ImmutableList.of(
            life(31, "server", null, 0, 200, 12_300, false),
            life(41, "pool-1-thread-1", "CheckoutTest.pays(EUR)", 400, 1_300, null, true),
            life(42, "pool-1-thread-2", "CheckoutTest.pays(EUR)", 400, 1_300, null, true),
            life(43, "w-1", "CheckoutTest.pays(EUR)", 400, 1_300, 9_000, true),
            life(44, "helper", "CheckoutTest.pays(EUR)", 400, 1_300, 1_500, false),
            life(50, "loader-1", "CatalogTest.loads", 2_000, 3_100, 3_600, false),
            life(51, "loader-2", "CatalogTest.loads", 2_000, 3_100, 4_200, false),
            life(52, "loader-3", "CatalogTest.loads", 2_000, 3_100, 4_900, false),
            life(60, "price-poller", "PriceTest.followsThePricesForever", 5_000, 5_600, null, true),
            life(70, HOSTILE, "EvilTest.<script>\"name\"</script>", 6_100, 6_500, null, true),
            life(80, "cache", "CacheTest.@BeforeClass open", 7_000, 7_300, null, false),
            life(90, "pool-7-thread-1", "BillingTest.bills", 10_000, 11_000, null, true),
            new ThreadLife(
                91,
                "",
                /* virtual= */ true,
                Optional.of("BillingTest.bills"),
                Duration.ofMillis(10_000),
                Duration.ofMillis(11_000),
                Optional.empty(),
                /* leaked= */ true)),
        0);
  }

  /** As many threads as are ever kept, each of another test. */
  static RunReport huge() {
    ImmutableList<ThreadLife> threads =
        IntStream.range(0, 4_000)
            .mapToObj(
                i ->
                    life(
                        100 + i,
                        "worker-" + i,
                        "LongTest.number" + i % 500,
                        i * 100,
                        i * 100 + 90,
                        i % 20 == 0 ? null : (Integer) (i * 100 + 5_000),
                        i % 20 == 0))
            .collect(ImmutableList.toImmutableList());
    return new RunReport(
        BUILD,
        START,
        Duration.ofMinutes(7),
        IntStream.range(0, 200)
            .mapToObj(
                i ->
                    leak(
                        "LongTest.number" + i * 20 % 500,
                        Samples.of(
                            "worker-" + i * 20,
                            Thread.State.RUNNABLE,
                            "com.acme.Kind" + i % 7 + ".run:1")))
            .toList(),
        3,
        threads,
        12_345);
  }

  /** A hundred tests, of which each has left six threads, all for the same five causes. */
  static RunReport fiveCauses() {
    return new RunReport(
        BUILD,
        START,
        Duration.ofMinutes(1),
        IntStream.range(0, 100)
            .mapToObj(
                i ->
                    leak(
                        "ShopTest.sells(" + i + ")",
                        Samples.startedBy(hikari(31), "housekeeper"),
                        Samples.startedBy(hikari(31), "adder"),
                        Samples.startedBy(hikari(40), "adder"),
                        Samples.of("pool-" + i + "-thread-1", Thread.State.WAITING, IDLE),
                        Samples.of("poller-" + i, Thread.State.RUNNABLE, "com.acme.Poller.poll:1"),
                        Samples.of("feed-" + i, Thread.State.RUNNABLE, "com.acme.Quotes.read:1")))
            .toList(),
        0,
        List.of(),
        0);
  }

  private static ThreadOrigin hikari(int line) {
    return new ThreadOrigin(
        1,
        "main",
        List.of(
            Samples.frame("com.zaxxer.hikari.HikariDataSource.<init>:80"),
            Samples.frame("com.acme.Pool.open:" + line)),
        Optional.empty());
  }

  private static RunReport.Leak leak(String test, ThreadSample... threads) {
    return leak(test, List.of(), Set.of(), threads);
  }

  private static RunReport.Leak leak(
      String test, List<ThreadSample> shared, Set<String> notSeen, ThreadSample... threads) {
    Findings findings =
        new Findings(
            List.of(threads).stream().map(Observation::of).toList(),
            shared,
            ImmutableMap.of("ignoreName(\"grpc-*\")", 3),
            Duration.ofMillis(1_004),
            /* collected= */ true,
            notSeen);
    return new RunReport.Leak(Optional.of(test), findings, LeakGroup.of(findings.leaked()));
  }

  private static ThreadLife life(
      long id,
      String name,
      @Nullable String test,
      int notBefore,
      int firstSeen,
      @Nullable Integer ended,
      boolean leaked) {
    return new ThreadLife(
        id,
        name,
        /* virtual= */ false,
        Optional.ofNullable(test),
        Duration.ofMillis(notBefore),
        Duration.ofMillis(firstSeen),
        Optional.ofNullable(ended)
            .map(
                last -> new ThreadLife.End(Duration.ofMillis(last), Duration.ofMillis(last + 300))),
        leaked);
  }
}
