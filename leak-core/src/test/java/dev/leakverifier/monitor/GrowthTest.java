package dev.leakverifier.monitor;

import static com.google.common.truth.Truth.assertThat;
import static dev.leakverifier.monitor.FakeThreads.AWAIT_ORDER;
import static dev.leakverifier.monitor.FakeThreads.IDLE_IN_POOL;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.leakverifier.testing.FakeTime;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadOrigin;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** What a monitor says of threads that come and go; time is a fake clock's, threads never run. */
public class GrowthTest {
  private FakeTime time = new FakeTime();
  private FakeThreads threads = new FakeThreads(time);
  private final List<String> said = new ArrayList<>();
  private final List<ThreadMonitor> monitors = new ArrayList<>();

  @BeforeMethod
  public void startAnew() {
    time = new FakeTime();
    threads = new FakeThreads(time);
    said.clear();
    threads.add(20, "http-", IDLE_IN_POOL);
  }

  @AfterMethod
  public void close() {
    monitors.forEach(ThreadMonitor::close);
    monitors.clear();
  }

  @Test
  public void tellsWhatGrewAndWhoStartedIt() {
    ThreadMonitor monitor = monitor();
    threads.origin =
        Optional.of(
            new ThreadOrigin(
                1, "main", List.of(Samples.frame("com.acme.Orders.submit:12")), Optional.empty()));
    threads.add(2, "mail-", IDLE_IN_POOL);
    threads.add(118, "order-", AWAIT_ORDER);
    look(monitor, 60);

    assertThat(said)
        .containsExactly(
            "+120 in 30 s (140 threads), 118 of them `order-*` parked in"
                + " com.acme.Orders.await(Orders.java:31), started by"
                + " com.acme.Orders.submit(Orders.java:12); 2 `mail-*` (idle pool worker), started"
                + " by com.acme.Orders.submit(Orders.java:12); fix: call countDown() in a finally"
                + " block, or use await(timeout, unit)");
  }

  @Test
  public void givesAnAlarmOnlyAtTheLastLookOfTheWindow() {
    ThreadMonitor monitor = monitor();
    threads.add(100, "order-", AWAIT_ORDER);
    look(monitor, 2);
    assertThat(said).isEmpty();
    assertThat(monitor.growth().threads()).isEqualTo(120);

    look(monitor, 1);
    assertThat(said).hasSize(1);
  }

  @Test
  public void saysNothingOfABurstThatDrains() {
    ThreadMonitor monitor = monitor();
    for (int burst = 0; burst < 50; burst++) {
      threads.add(1_000, "burst-", AWAIT_ORDER);
      look(monitor, 2);
      threads.end(1_000, "burst-");
      look(monitor, burst % 3);
    }
    assertThat(said).isEmpty();
    assertThat(threads.stacksRead).isEmpty();

    threads.add(1_000, "burst-", AWAIT_ORDER); // and this one stays
    look(monitor, 3);
    assertThat(said).hasSize(1);
    assertThat(said.get(0)).startsWith("+1000 in ");
  }

  @Test
  public void saysNothingOfALoadUnderWhichEachThreadIsShort() {
    ThreadMonitor monitor = monitor();
    for (int i = 0; i < 100; i++) {
      threads.add(10 * i, "request-", AWAIT_ORDER);
      look(monitor, 1);
      threads.end(10 * Math.max(0, i - 1), "request-");
    }
    assertThat(said).isEmpty();

    look(monitor, 2); // the last requests stay
    assertThat(said).hasSize(1);
    assertThat(said.get(0)).startsWith("+990 in ");
  }

  @Test
  public void saysNothingOfAPoolThatFillsAndStaysBelowTheLimit() {
    ThreadMonitor monitor = monitor();
    threads.add(99, "worker-", IDLE_IN_POOL);
    look(monitor, 1_000);

    assertThat(said).isEmpty();
    assertThat(monitor.growth().growth()).isEqualTo(99);
  }

  @Test
  public void findsALeakOfOneThreadAMinuteInTheEnd() {
    ThreadMonitor monitor = monitor();
    for (int minute = 0; minute < 110; minute++) {
      threads.add("order-" + minute, AWAIT_ORDER);
      look(monitor, 6);
    }
    assertThat(said).hasSize(1);
    assertThat(said.get(0))
        .startsWith(
            "+100 in 99 min (120 threads), 100 of them `order-*` parked in com.acme.Orders");
  }

  @Test
  public void findsALeakUnderALoadThatComesAndGoes() {
    ThreadMonitor monitor = monitor();
    for (int i = 0; i < 200; i++) {
      threads.add("order-" + i, AWAIT_ORDER);
      threads.add(40, "request-", AWAIT_ORDER);
      look(monitor, 1);
      threads.end(i % 3 == 0 ? 40 : 20, "request-");
      look(monitor, 1);
      threads.end(40, "request-");
    }
    assertThat(said).hasSize(1);
    assertThat(said.get(0)).contains(", 100 of them `order-*`");
  }

  @Test
  public void saysItAgainOnlyWhenItHasBecomeWorseByAsMuch() {
    ThreadMonitor monitor = monitor();
    threads.add(150, "order-", AWAIT_ORDER);
    look(monitor, 20);
    threads.add(99, "order-", AWAIT_ORDER);
    look(monitor, 20);
    assertThat(said).hasSize(1);

    threads.add(1, "order-", AWAIT_ORDER);
    look(monitor, 20);
    assertThat(said).hasSize(2);
    assertThat(said.get(1)).startsWith("+250 in ");
  }

  @Test
  public void saysThatItHasRecovered() {
    ThreadMonitor monitor = monitor();
    threads.add(120, "order-", AWAIT_ORDER);
    look(monitor, 5);
    threads.end(70, "order-");
    look(monitor, 5);
    assertThat(said).hasSize(1);

    threads.end(1, "order-");
    look(monitor, 5);
    assertThat(said.subList(1, said.size())).containsExactly("recovered: 49");

    threads.add(51, "order-", AWAIT_ORDER);
    look(monitor, 5);
    assertThat(said).hasSize(3);
    assertThat(said.get(2)).startsWith("+100 in ");
  }

  @Test
  public void saysNothingWhenAPoolIsReplacedByANewOne() {
    threads.add(200, "pool-1-thread-", IDLE_IN_POOL);
    ThreadMonitor monitor = monitor();
    for (int pool = 2; pool < 20; pool++) {
      threads.end(200, "pool-");
      look(monitor, pool % 2); // there may be a look in between
      threads.add(200, "pool-" + pool + "-thread-", IDLE_IN_POOL);
      look(monitor, 10);
    }
    assertThat(said).isEmpty();

    threads.add(100, "pool-20-thread-", IDLE_IN_POOL); // beside the old one
    look(monitor, 3);
    assertThat(said).hasSize(1);
    assertThat(said.get(0)).startsWith("+100 in ");
  }

  @Test
  public void doesNotBlameAPoolThatWasReplaced() {
    threads.add(200, "pool-1-thread-", IDLE_IN_POOL);
    ThreadMonitor monitor = monitor();
    threads.end(200, "pool-");
    threads.add(200, "pool-2-thread-", IDLE_IN_POOL);
    threads.add(100, "order-", AWAIT_ORDER);
    look(monitor, 10);

    assertThat(said).hasSize(1);
    assertThat(monitor.growth().groups()).hasSize(1);
    assertThat(monitor.growth().groups().get(0).toString())
        .isEqualTo("100 of `order-*` parked in com.acme.Orders.await(Orders.java:31)");
  }

  @Test
  public void measuresFromTheLowestLevelAndNotFromAStartWithManyThreads() {
    threads.add(300, "startup-", IDLE_IN_POOL);
    ThreadMonitor monitor = monitor();
    threads.end(300, "startup-");
    look(monitor, 10);
    threads.add(100, "order-", AWAIT_ORDER);
    look(monitor, 10);

    assertThat(said).hasSize(1);
    assertThat(said.get(0)).startsWith("+100 in 30 s (120 threads), 100 of them `order-*`");
  }

  @Test
  public void readsNoStackWhileNothingHasGrown() {
    ThreadMonitor monitor = monitor();
    look(monitor, 100);
    threads.end(10, "http-");
    look(monitor, 3);
    threads.add(10, "http-", IDLE_IN_POOL); // in the place of those
    look(monitor, 3);
    assertThat(threads.stacksRead).isEmpty();

    threads.add("order", AWAIT_ORDER);
    look(monitor, 3);
    assertThat(threads.stacksRead).containsExactly(11); // with those ten
  }

  @Test
  public void readsTheStackOfEachNewThreadOnce() {
    ThreadMonitor monitor = monitor();
    threads.add(7, "order-", AWAIT_ORDER);
    look(monitor, 10);
    threads.add(5, "mail-", IDLE_IN_POOL);
    look(monitor, 10);

    assertThat(threads.stacksRead).containsExactly(7, 5).inOrder();
  }

  @Test
  public void readsSoManyStacksAtATimeAndSaysHowManyAreLeft() {
    ThreadMonitor monitor = monitor();
    threads.add(500, "order-", AWAIT_ORDER);
    look(monitor, 3);
    assertThat(said).hasSize(1);
    assertThat(said.get(0)).contains("+500 in 30 s (520 threads), 200 of them `order-*`");
    assertThat(said.get(0)).contains("; 300 not sampled yet; fix: ");

    look(monitor, 10);
    assertThat(threads.stacksRead).containsExactly(200, 200, 100).inOrder();
    assertThat(said).hasSize(1);
    assertThat(monitor.growth().groups().get(0).growth()).isEqualTo(500);
  }

  @Test
  public void doesNotCountTheThreadsOfTheJvm() {
    ThreadMonitor monitor = monitor();
    threads.add(
        150,
        "RMI TCP Connection-",
        "java.base/sun.nio.ch.NioSocketImpl.park:1",
        "java.rmi/sun.rmi.transport.tcp.TCPTransport$ConnectionHandler.run:1",
        "java.base/java.lang.Thread.run:1");
    look(monitor, 10);

    assertThat(said).isEmpty();
    assertThat(monitor.growth().growth()).isEqualTo(0);
    assertThat(monitor.growth().groups()).isEmpty();
    assertThat(threads.stacksRead).containsExactly(150);
  }

  @Test
  public void countsNoMonitorsAndReadsNoStackOfThem() {
    ThreadMonitor monitor = monitor();
    threads.add(new MonitorThread(() -> {}));
    look(monitor, 5);

    assertThat(monitor.growth().threads()).isEqualTo(21);
    assertThat(monitor.growth().growth()).isEqualTo(0);
    assertThat(threads.stacksRead).isEmpty();
  }

  @Test
  public void namesTheThreeGroupsThatHaveGrownMost() {
    ThreadMonitor monitor = monitor();
    for (String name : new String[] {"a", "bb", "ccc", "dddd", "eeeee"}) {
      threads.add(20 + name.length(), name + "-", AWAIT_ORDER);
    }
    look(monitor, 3);
    assertThat(said.get(0))
        .matches(".*, 25 of them `eeeee-.*; 24 `dddd-.*; 23 `ccc-.*; and 2 more groups; fix: .*");
  }

  @Test
  public void readsWhateverThreadsAreCalled() {
    ThreadMonitor monitor = monitor();
    for (int i = 0; i < 100; i++) {
      threads.add("line\nbreak \u00fc " + "x".repeat(300), AWAIT_ORDER);
    }
    look(monitor, 3);
    assertThat(said.get(0)).matches("[ -~\u00fc]{1,400}");
    assertThat(said.get(0)).contains("`line\\nbreak \u00fc x");
  }

  @Test
  public void goesOnAfterALookThatFailed() {
    ThreadMonitor monitor = monitor();
    threads.add(100, "order-", AWAIT_ORDER);
    look(monitor, 1);
    threads.failure = Optional.of(new IllegalStateException("fails on purpose"));
    look(monitor, 5);
    threads.failure = Optional.empty();
    look(monitor, 2);

    assertThat(said).hasSize(1);
  }

  @Test
  public void logsAlarmsAndRecoveriesAndTheFirstFailure() {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(log, /* autoFlush= */ true, StandardCharsets.UTF_8));
    try {
      ThreadMonitor monitor = monitor();
      threads.add(100, "order-", AWAIT_ORDER);
      look(monitor, 5);
      threads.end(100, "order-");
      look(monitor, 5);
      threads.failure = Optional.of(new IllegalStateException("fails on purpose"));
      look(monitor, 5);
    } finally {
      System.setErr(before);
    }
    assertThat(
            log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(ThreadMonitor.class.getName() + " - "))
                .map(line -> line.replaceFirst("^\\[.*?\\] ", "")))
        .containsExactly(
            "WARN dev.leakverifier.monitor.ThreadMonitor - thread growth: " + said.get(0),
            "INFO dev.leakverifier.monitor.ThreadMonitor - thread growth: recovered, +0 of +100"
                + " is left (20 threads)",
            "WARN dev.leakverifier.monitor.ThreadMonitor - sampling the threads has failed;"
                + " the monitor continues")
        .inOrder();
  }

  @Test
  public void goesOnAfterAListenerThatFailed() {
    ThreadMonitor monitor =
        monitor(
            builder ->
                builder
                    .listener(
                        growth -> {
                          throw new IllegalStateException("fails on purpose");
                        })
                    .listener(growth -> said.add("told")));
    threads.add(100, "order-", AWAIT_ORDER);
    look(monitor, 5);
    threads.add(100, "order-", AWAIT_ORDER);
    look(monitor, 5);

    assertThat(said.stream().filter("told"::equals)).hasSize(2);
  }

  @Test
  public void countsVirtualThreadsToo() {
    threads.addVirtual(1_000, "");
    ThreadMonitor monitor = monitor();
    threads.addVirtual(100, "");
    look(monitor, 3);

    assertThat(said).hasSize(1);
    assertThat(said.get(0))
        .startsWith(
            "+100 in 30 s (1120 threads), 100 of them virtual (no name) parked in"
                + " com.acme.Orders.await(Orders.java:31); fix: ");
    threads.endVirtual();
    look(monitor, 1);
    assertThat(said.get(1)).isEqualTo("recovered: 0");
  }

  @Test
  public void takesThreadDumpsForAThousandthOfTheTime() {
    threads.nanosPerDump = MILLISECONDS.toNanos(150); // some 10,000 virtual threads
    threads.addVirtual(10, "");
    ThreadMonitor monitor = monitor();
    look(monitor, 6 * 60);

    assertThat(threads.dumps).isEqualTo(1 + 24); // in an hour, one each 150 s
    threads.addVirtual(100, "");
    look(monitor, 3 * 15);
    assertThat(said).hasSize(1);
    assertThat(threads.dumps).isEqualTo(25 + 3 + 1); // one for the stacks
    look(monitor, 29);
    assertThat(threads.dumps).isEqualTo(29); // which counts, too
  }

  @Test
  public void saysNothingWhenVirtualThreadsAreReplacedHoweverSeldomItLooks() {
    threads.nanosPerDump = MILLISECONDS.toNanos(150);
    threads.addVirtual(200, "");
    ThreadMonitor monitor = monitor();
    for (int i = 0; i < 5; i++) {
      threads.endVirtual();
      threads.addVirtual(200, "");
      look(monitor, 200);
    }
    assertThat(said).isEmpty();
    assertThat(monitor.growth().growth()).isEqualTo(0);

    threads.add(100, "order-", AWAIT_ORDER);
    look(monitor, 60);
    assertThat(said).hasSize(1);
    assertThat(said.get(0)).contains(", 100 of them `order-*`");
    assertThat(monitor.growth().groups()).hasSize(1);
  }

  @Test
  public void takesNoThreadDumpWhereThereIsNoVirtualThread() {
    ThreadMonitor monitor = monitor();
    look(monitor, 100);
    assertThat(threads.dumps).isEqualTo(0);

    threads.addVirtual(10, "");
    look(monitor, 1);
    assertThat(threads.dumps).isEqualTo(1);

    threads.endVirtual();
    look(monitor, 100);
    assertThat(threads.dumps).isEqualTo(2);
  }

  @Test
  public void takesNoThreadDumpIfVirtualThreadsAreNotWanted() {
    threads.addVirtual(10, "");
    ThreadMonitor monitor = monitor(builder -> builder.virtualThreads(false));
    threads.addVirtual(200, "");
    look(monitor, 100);

    assertThat(threads.dumps).isEqualTo(0);
    assertThat(said).isEmpty();
    assertThat(monitor.growth().threads()).isEqualTo(20);
  }

  @Test
  public void keepsNoThreadThatHasEnded() {
    WeakReference<Thread> atStart = new WeakReference<>(threads.add("start", IDLE_IN_POOL));
    ThreadMonitor monitor = monitor();
    WeakReference<Thread> looked = new WeakReference<>(threads.add("order", AWAIT_ORDER));
    look(monitor, 10);
    assertThat(threads.stacksRead).isNotEmpty();

    threads.end(1, "start");
    threads.end(1, "order");
    look(monitor, 10);
    while (atStart.get() != null || looked.get() != null) { // else it fails by the build's limit
      System.gc();
    }
    assertThat(monitor.growth().groups()).isEmpty();
  }

  private ThreadMonitor monitor() {
    return monitor(UnaryOperator.identity());
  }

  private ThreadMonitor monitor(UnaryOperator<ThreadMonitor.Builder> settings) {
    ThreadMonitor monitor =
        settings
            .apply(
                ThreadMonitor.builder()
                    .growth(100)
                    .window(3)
                    .source(threads)
                    .ticker(time)
                    .listener(
                        new ThreadGrowthListener() {
                          @Override
                          public void grew(ThreadGrowth growth) {
                            said.add(growth.toString());
                          }

                          @Override
                          public void recovered(ThreadGrowth growth) {
                            said.add("recovered: " + growth.growth());
                          }
                        }))
            .open();
    monitors.add(monitor);
    return monitor;
  }

  /** So many looks, one each ten seconds. */
  private void look(ThreadMonitor monitor, int times) {
    for (int i = 0; i < times; i++) {
      time.pass(SECONDS.toNanos(10));
      monitor.look();
    }
  }
}
