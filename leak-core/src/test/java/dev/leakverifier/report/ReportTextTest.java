package dev.leakverifier.report;

import static com.google.common.truth.Truth.assertThat;
import static dev.leakverifier.testing.Golden.assertGolden;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.leakverifier.check.Findings;
import dev.leakverifier.diagnosis.IgnoreLine;
import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.diagnosis.Observation;
import dev.leakverifier.heap.LastingHolder;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadOrigin;
import dev.leakverifier.thread.ThreadSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testng.annotations.Test;

public class ReportTextTest {
  private static final String[] IDLE = {
    "java.base/jdk.internal.misc.Unsafe.park",
    "java.base/java.util.concurrent.locks.LockSupport.park:341",
    "java.base/java.util.concurrent.LinkedBlockingQueue.take:435",
    "java.base/java.util.concurrent.ThreadPoolExecutor.getTask:1062",
    "java.base/java.lang.Thread.run:840",
  };

  @Test
  public void showsEachThreadWithItsStack() {
    assertGolden(
        getClass(),
        "one.txt",
        text(
            "CheckoutTest.pays(EUR)",
            List.of(
                Samples.of(
                    "poller",
                    Thread.State.TIMED_WAITING,
                    "java.base/java.lang.Thread.sleep",
                    "com.acme.Poller.poll:31",
                    "com.acme.Poller.run:22",
                    "java.base/java.lang.Thread.run:840")),
            Duration.ofMillis(1004)));
  }

  @Test
  public void showsWhoStartedEachThread() {
    ThreadOrigin inTest =
        new ThreadOrigin(
            1,
            "main",
            List.of(
                Samples.frame("java.base/java.util.concurrent.ThreadPoolExecutor.addWorker:945"),
                Samples.frame("com.acme.Pool.submit:52"),
                Samples.frame("com.acme.CheckoutTest.pays:31"),
                Samples.frame("java.base/java.lang.reflect.Method.invoke:568"),
                Samples.frame("org.runner.Runner.run:7")),
            Optional.of(new ThreadOrigin(0, "", List.of(), Optional.empty())));
    ThreadOrigin inPool =
        new ThreadOrigin(
            7,
            "pool-1-\"thread\"",
            List.of(Samples.frame("com.acme.Job.run:7")),
            Optional.of(inTest));
    ThreadOrigin byWorker =
        new ThreadOrigin(
            7,
            "pool-1-thread-1",
            List.of(
                Samples.frame("java.base/java.util.concurrent.ThreadPoolExecutor.addWorker:945")),
            Optional.of(inTest));

    assertGolden(
        getClass(),
        "started.txt",
        text(
            "CheckoutTest.pays(EUR)",
            List.of(
                Samples.startedBy(inTest, "w-1"),
                Samples.startedBy(inTest, "w-2"),
                Samples.startedBy(inPool, "c"),
                Samples.startedBy(byWorker, "w-3"),
                Samples.startedBy(relay(9), "e")),
            Duration.ofMillis(1004)));
  }

  /** Of libraries on the class path of this test, called by code of it. */
  @Test
  public void makesOneEntryOfAllThatOneCallHasOpened() {
    ThreadOrigin made =
        called(
            "com.zaxxer.hikari.pool.HikariPool.<init>:93",
            "com.zaxxer.hikari.HikariDataSource.<init>:80",
            "com.acme.Pool.open:31");
    ThreadOrigin started =
        called(
            "com.zaxxer.hikari.util.DriverDataSource.run:7",
            "org.eclipse.jetty.util.component.AbstractLifeCycle.start:4",
            "com.acme.Pool.serve:8");
    ThreadOrigin used =
        called("com.zaxxer.hikari.HikariDataSource.getConnection:12", "com.acme.Pool.read:40");
    ThreadOrigin unknown = called("org.slf4j.LoggerFactory.getLogger:3", "com.acme.Pool.log:50");

    ThreadOrigin usedOnly =
        called(
            "org.apache.commons.pool2.impl.GenericObjectPool.borrowObject:9",
            "com.acme.Pool.borrow:60");

    assertGolden(
        getClass(),
        "opened.txt",
        text(
            "CheckoutTest.pays(EUR)",
            List.of(
                Samples.startedBy(made, "housekeeper"),
                Samples.startedBy(made, "adder-1"),
                Samples.startedBy(made, "adder-2"),
                Samples.startedBy(used, "connection-1"),
                Samples.startedBy(started, "server-1"),
                Samples.startedBy(usedOnly, "evictor"),
                Samples.startedBy(unknown, "log-1"),
                Samples.startedBy(unknown, "log-2"),
                Samples.startedBy(called("com.acme.Pool.open:31"), "own-1")),
            Duration.ofMillis(1004)));
  }

  private static ThreadOrigin called(String... frames) {
    return new ThreadOrigin(
        1,
        "main",
        Stream.of(
                Stream.of("java.base/java.lang.Thread.start:809"),
                Arrays.stream(frames),
                Stream.of(
                    "com.acme.PatternsTest.test:5",
                    "java.base/java.lang.reflect.Method.invoke:568"))
            .flatMap(all -> all)
            .map(Samples::frame)
            .toList(),
        Optional.empty());
  }

  @Test
  public void tellsWhereMostWereOpened() {
    List<ThreadSample> threads = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      threads.add(Samples.startedBy(called("com.acme.Pool.open:31"), "w-" + (char) ('a' + i)));
    }
    threads.add(Samples.startedBy(called("com.acme.Pool.close:40"), "other"));

    assertThat(text(null, threads, Duration.ZERO))
        .contains("waiting)\n\n50 of 51 were opened at Pool.java:31\n\n1) ");
  }

  private static ThreadOrigin relay(int length) {
    Optional<ThreadOrigin> origin = Optional.empty();
    for (int i = 1; i <= length; i++) {
      origin =
          Optional.of(
              new ThreadOrigin(
                  i, "relay-" + i, List.of(Samples.frame("com.acme.Relay.run:3")), origin));
    }
    return origin.get();
  }

  @Test
  public void groupsEqualThreadsInTheOrderTheyWereStarted() {
    ThreadSample first = Samples.of("pool-1-thread-1", Thread.State.WAITING, IDLE);
    ThreadSample other = Samples.of("timer", Thread.State.RUNNABLE, "com.acme.Timer.tick:7");
    ThreadSample second = Samples.of("pool-1-thread-2", Thread.State.WAITING, IDLE);
    List<ThreadSample> threads = Arrays.asList(second, other, first);

    String text = text(null, threads, Duration.ZERO);

    assertGolden(getClass(), "groups.txt", text);
    Collections.reverse(threads);
    assertThat(text(null, threads, Duration.ZERO)).isEqualTo(text);
  }

  @Test
  public void namesTheForgottenCallAndCountsWhatIsNotCounted() {
    Findings findings =
        new Findings(
            observed(
                List.of(
                    Samples.of("HikariPool-1:housekeeper", Thread.State.WAITING, IDLE),
                    Samples.of("pool-1-thread-1", Thread.State.WAITING, IDLE))),
            List.of(gee(1), gee(2)),
            ImmutableMap.of("ignoreName(\"grpc-*\")", 3, "ignoreTopFunction(\"com.acme.A.b\")", 1),
            Duration.ofMillis(1_550),
            /* collected= */ true,
            Set.of());

    assertGolden(getClass(), "libraries.txt", text("PoolTest.connects", findings));
  }

  @Test
  public void countsWhatLibrariesShareThoughNothingLeaked() {
    Findings findings =
        new Findings(
            List.of(), List.of(gee(1)), Map.of(), Duration.ZERO, /* collected= */ false, Set.of());

    assertThat(text(null, findings))
        .isEqualTo(
            "no thread leaked\n\nnot counted: 1 thread of Netty's GlobalEventExecutor:"
                + " the JVM has one, which ends after a second without work");
  }

  @Test
  public void countsWhatLastingHoldersHold() {
    Findings findings =
        Findings.NONE.withHeld(
            Map.of(
                1L, LastingHolder.SPRING_TEST_CONTEXT,
                2L, LastingHolder.SPRING_TEST_CONTEXT,
                3L, LastingHolder.PREFERENCES));

    assertThat(ReportText.notes(findings))
        .containsExactly(
            "not counted: 2 threads of a cached Spring test context (closed when the JVM exits)",
            "not counted: 1 thread of the JDK's preferences (the JVM has one timer for them, and"
                + " writes them once more when it exits)")
        .inOrder();
  }

  private static ThreadSample gee(int number) {
    return Samples.of(
        "globalEventExecutor-1-" + number,
        Thread.State.TIMED_WAITING,
        "io.netty.util.concurrent.GlobalEventExecutor.takeTask:95");
  }

  @Test
  public void cutsWhatNobodyWouldReadAndSaysHowMuch() {
    String[] deep =
        IntStream.range(0, 130).mapToObj(i -> "com.acme.Deep.call:" + i).toArray(String[]::new);
    List<ThreadSample> many =
        IntStream.rangeClosed(1, 12)
            .mapToObj(i -> Samples.of("w-" + 2 * i, Thread.State.RUNNABLE, deep))
            .toList();

    String text = text(null, many, Duration.ofMillis(50));

    assertThat(text).startsWith("12 threads leaked (still alive after less than 0.1 s)");
    assertThat(text).contains("12 x thread   \"w-2\", \"w-4\",");
    assertThat(text).contains("\"w-16\" and 4 more   RUNNABLE");
    assertThat(text).contains("\n            ... 110 more lines\n");
  }

  /** The last one in full ends within the 200 lines. */
  @Test
  public void tellsTheFirstGroupsInFullAndCountsTheLast() {
    List<ThreadSample> many =
        IntStream.range(0, 70)
            .mapToObj(
                i -> Samples.of("worker", Thread.State.RUNNABLE, "com.acme.Kind" + i + ".run:1"))
            .toList();

    assertGolden(getClass(), "many.txt", text(null, many, Duration.ofMillis(50)));
  }

  @Test
  public void hasNoMoreThanTwoHundredLinesHoweverManyLeaksThereAre() {
    List<ThreadSample> many =
        IntStream.range(0, 10_000)
            .mapToObj(
                i ->
                    Samples.of(
                        "worker",
                        Thread.State.RUNNABLE,
                        "com.acme.Kind" + i % 1_000 + ".run:1",
                        "java.base/java.lang.Thread.run:840"))
            .toList();

    String text = text(null, many, Duration.ofMillis(50));

    assertThat(text.lines().count()).isAtMost(200);
    assertThat(text).contains("10 x thread   \"worker\"");
    assertThat(text).contains(" more groups\n\ncut here; LeakReport.toJson() has everything");
  }

  @Test
  public void writesTheIgnoreLineForThePlaceWhereItIsToGo() {
    List<ThreadSample> leaked =
        List.of(Samples.of("t", Thread.State.WAITING, "com.acme.Worker.<init>:31"));

    assertThat(textFor(IgnoreLine.Place.JAVA, leaked))
        .endsWith("\n   ignore   LeakVerifier.ignoreTopFunction(\"com.acme.Worker.<init>\")");
    assertThat(textFor(IgnoreLine.Place.TESTNG_XML, leaked))
        .endsWith(
            "\n   ignore   <parameter name=\"leak.ignoreTopFunction\""
                + " value=\"com.acme.Worker.&lt;init&gt;\"/>");
    assertThat(textFor(IgnoreLine.Place.PROPERTY, leaked))
        .endsWith("\n   ignore   leak.ignoreTopFunction=com.acme.Worker.<init>");
  }

  private static String textFor(IgnoreLine.Place place, List<ThreadSample> leaked) {
    Findings findings = findings(leaked, Duration.ZERO);
    return ReportText.of(null, findings, LeakGroup.of(findings.leaked()), place);
  }

  @Test
  public void keepsLettersOfAllScriptsAndStaysInLineWhateverTheNameIs() {
    String hostile = "a\"b\n\tc\u202e\u00e9\u65e5\u672c\ud83d\ude00\u0007\ud83d";
    String text =
        text("T.t(\u00e9)", List.of(Samples.of(hostile, Thread.State.RUNNABLE)), Duration.ZERO);

    assertGolden(getClass(), "hostile.txt", text);
  }

  @Test
  public void shortensAVeryLongName() {
    String name = Strings.repeat("x", 65_536);
    String text = text(null, List.of(Samples.of(name, Thread.State.RUNNABLE)), Duration.ZERO);

    assertThat(text)
        .contains("1) no stack   \"" + name.substring(0, 80) + "\"... (65536 chars)   RUNNABLE");
  }

  @Test
  public void showsVirtualThreadsWithTheirOwnersAndWhatWasNotSeen() {
    String[] frames = {"java.base/java.lang.VirtualThread.park:742", "com.acme.Poller.run:22"};
    String executor = "java.util.concurrent.ThreadPerTaskExecutor@";
    Findings findings =
        findings(
                List.of(
                    Samples.virtual(40, "", "", Thread.State.WAITING, frames),
                    Samples.virtual(41, "named", "", Thread.State.WAITING, frames),
                    Samples.virtual(42, "", "", Thread.State.RUNNABLE),
                    Samples.virtual(31, "", executor + "1b2c3d", Thread.State.WAITING, frames),
                    Samples.virtual(32, "", executor + "1b2c3d", Thread.State.WAITING, frames),
                    Samples.virtual(33, "", executor + "9", Thread.State.WAITING, frames)),
                Duration.ofMillis(1_004))
            .without(Set.of("virtual threads: no dump (disk\nfull)"));

    assertGolden(getClass(), "virtual.txt", text("PoolTest.connects", findings));
  }

  @Test
  public void saysWhatWasNotSeenThoughNothingLeaked() {
    assertThat(text(null, Findings.NONE.without(Set.of("some threads"))))
        .isEqualTo("no thread leaked\n\nnot seen: some threads");
  }

  @Test
  public void keepsWhatWasNotSeenInEveryPart() {
    Findings findings = Findings.NONE.without(Set.of("a"));

    assertThat(findings.of(List.of(), List.of()).notSeen()).containsExactly("a");
    assertThat(Findings.NONE.and(findings).without(ImmutableSet.of("a", "b")).notSeen())
        .containsExactly("a", "b")
        .inOrder();
  }

  @Test
  public void saysThatNothingLeaked() {
    assertThat(text("T.t", List.of(), Duration.ZERO)).isEqualTo("no thread leaked");
  }

  private static String text(@Nullable String blamed, List<ThreadSample> leaked, Duration waited) {
    return text(blamed, findings(leaked, waited));
  }

  private static String text(@Nullable String blamed, Findings findings) {
    return ReportText.of(blamed, findings, LeakGroup.of(findings.leaked()), IgnoreLine.Place.JAVA);
  }

  private static Findings findings(List<ThreadSample> leaked, Duration waited) {
    return new Findings(
        observed(leaked), List.of(), Map.of(), waited, /* collected= */ false, Set.of());
  }

  private static List<Observation> observed(List<ThreadSample> threads) {
    return threads.stream().map(Observation::of).toList();
  }
}
