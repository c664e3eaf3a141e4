package dev.leakverifier.monitor;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.truth.Truth.assertThat;
import static com.google.common.util.concurrent.Uninterruptibles.awaitUninterruptibly;
import static com.google.common.util.concurrent.Uninterruptibles.joinUninterruptibly;
import static java.util.Objects.requireNonNull;
import static org.testng.Assert.expectThrows;

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.SettableFuture;
import dev.leakverifier.LeakScope;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.jvm.ThreadListing;
import dev.leakverifier.jvm.ThreadSource;
import dev.leakverifier.jvm.VirtualListing;
import dev.leakverifier.origin.OriginRecorder;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.FakeTime;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.openmbean.TabularData;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A monitor's life in this JVM: its thread, what JMX shows of it, its end, and bad input. */
public class ThreadMonitorTest {
  private static final MBeanServer JMX = ManagementFactory.getPlatformMBeanServer();
  private static final String NAME = "dev.leakverifier:type=ThreadMonitor";

  @Test
  public void raisesAnAlarmOnADaemonThreadOfItsOwn() {
    SettableFuture<Thread> looker = SettableFuture.create();
    FakeThreads threads = new FakeThreads(new FakeTime());
    try (ThreadMonitor monitor =
        ThreadMonitor.builder()
            .every(Duration.ofMillis(1))
            .growth(1)
            .window(2)
            .source(threads)
            .listener(growth -> looker.set(Thread.currentThread()))
            .start()) {
      threads.add("leak", FakeThreads.AWAIT_ORDER);

      assertThat(await(looker)).isInstanceOf(MonitorThread.class);
      assertThat(await(looker).isDaemon()).isTrue();
    }
    joinUninterruptibly(await(looker));
  }

  /** As other things that a test has to close. */
  @Test
  public void isALeakUntilItIsClosed() {
    LeakScope scope = LeakVerifier.scope(LeakVerifier.maxWait(Duration.ZERO));
    LeakScope patient = LeakVerifier.scope();
    try (ThreadMonitor monitor = ThreadMonitor.builder().start()) {
      assertThat(scope.check().threads()).hasSize(1);
    }
    assertThat(patient.check().isEmpty()).isTrue();
  }

  @Test
  public void isClosedByAListener() {
    SettableFuture<ThreadMonitor> monitor = SettableFuture.create();
    SettableFuture<Thread> looker = SettableFuture.create();
    FakeThreads threads = new FakeThreads(new FakeTime());
    monitor.set(
        ThreadMonitor.builder()
            .every(Duration.ofMillis(1))
            .growth(1)
            .window(2)
            .source(threads)
            .listener(
                growth -> {
                  await(monitor).close();
                  looker.set(Thread.currentThread());
                })
            .start());
    threads.add("leak", FakeThreads.AWAIT_ORDER);

    joinUninterruptibly(await(looker));
    assertThat(JMX.isRegistered(name(NAME))).isFalse();
  }

  @Test
  public void goesOnWhenSomebodyInterruptsItsThread() {
    LookLatch threads = new LookLatch();
    Set<Thread> before = Set.copyOf(monitorThreads());
    try (ThreadMonitor monitor =
        ThreadMonitor.builder().every(Duration.ofMillis(1)).source(threads).start()) {
      List<Thread> own =
          monitorThreads().stream().filter(thread -> !before.contains(thread)).toList();
      assertThat(own).hasSize(1);
      own.get(0).interrupt();
      threads.awaitMoreLooks();
    }
  }

  @Test
  public void showsJmxWhatItFound() throws JMException {
    FakeThreads threads = new FakeThreads(new FakeTime());
    threads.add(10, "http-", FakeThreads.IDLE_IN_POOL);
    try (ThreadMonitor monitor =
        ThreadMonitor.builder().name("shown by JMX").growth(5).window(2).source(threads).open()) {
      assertThat(shown("LastAlarm")).isEqualTo("");
      assertThat(((TabularData) shown("Groups")).isEmpty()).isTrue();

      threads.add(6, "order-", FakeThreads.AWAIT_ORDER);
      monitor.look();
      monitor.look();

      assertThat(shown("Threads")).isEqualTo(16);
      assertThat(shown("Growth")).isEqualTo(6);
      assertThat(shown("GrowthLimit")).isEqualTo(5);
      assertThat(shown("Alarmed")).isEqualTo(true);
      assertThat(shown("Alarms")).isEqualTo(1L);
      assertThat(shown("Looks")).isEqualTo(2L);
      assertThat(shown("LastAlarm")).isEqualTo(monitor.growth().toString());
      String group = "`order-*` parked in com.acme.Orders.await(Orders.java:31)";
      assertThat(((TabularData) shown("Groups")).get(new Object[] {group}).get("value"))
          .isEqualTo(6);

      threads.end(6, "order-");
      monitor.look();
      assertThat(shown("Alarmed")).isEqualTo(false);
      assertThat(shown("Alarms")).isEqualTo(1L);
      assertThat((String) shown("LastAlarm")).startsWith("+6 in ");
    }
    assertThat(JMX.isRegistered(name(NAME + ",name=shown by JMX"))).isFalse();
  }

  private static Object shown(String attribute) throws JMException {
    return JMX.getAttribute(name(NAME + ",name=shown by JMX"), attribute);
  }

  @Test
  public void numbersASecondMonitorInTheSameJvm() {
    try (ThreadMonitor first = ThreadMonitor.builder().open()) {
      ThreadMonitor second = ThreadMonitor.builder().open();
      assertThat(JMX.isRegistered(name(NAME))).isTrue();
      assertThat(JMX.isRegistered(name(NAME + ",name=2"))).isTrue();

      second.close();
      second.close();
      assertThat(JMX.isRegistered(name(NAME))).isTrue();
      assertThat(JMX.isRegistered(name(NAME + ",name=2"))).isFalse();
    }
    assertThat(JMX.isRegistered(name(NAME))).isFalse();
  }

  @Test
  public void closesQuietlyWhenSomebodyElseHasUnregisteredIt() throws JMException {
    try (ThreadMonitor monitor = ThreadMonitor.builder().name("gone").open()) {
      JMX.unregisterMBean(name(NAME + ",name=gone"));
    }
  }

  @Test
  public void refusesANameThatAnotherMonitorHas() {
    try (ThreadMonitor monitor = ThreadMonitor.builder().name("orders").open()) {
      assertThat(
              expectThrows(
                  IllegalStateException.class,
                  () -> ThreadMonitor.builder().name("orders").start()))
          .hasMessageThat()
          .isEqualTo(
              "there is a ThreadMonitor with the name (orders) in this JVM; close it, or give this"
                  + " one another name");
      assertThat(JMX.isRegistered(name(NAME + ",name=orders"))).isTrue();
    }
  }

  @Test
  public void tellsWhoStartedTheThreadsIfThatIsRecorded() {
    try (OriginRecorder.Session session = OriginRecorder.JVM.start()) {
      session.await();
      OneThread threads = new OneThread();
      try (ThreadMonitor monitor =
              ThreadMonitor.builder().growth(1).window(2).recordOrigins().source(threads).open();
          BlockedThread leak = BlockedThread.start("started")) {
        threads.thread = Optional.of(leak.thread());
        monitor.look();
        monitor.look();

        assertThat(monitor.growth().toString())
            .containsMatch(
                "`started` parked in dev.leakverifier.testing.BlockedThread.block\\(BlockedThread"
                    + ".java:\\d+\\), started by dev.leakverifier.testing.BlockedThread.start\\(");
      }
    }
  }

  @DataProvider
  Object[][] badInput() {
    return new Object[][] {
      {
        setting(builder -> builder.every(Duration.ZERO)), "every (PT0S) must be from 1 ms to 1 day",
      },
      {
        setting(builder -> builder.every(Duration.ofSeconds(-1))),
        "every (PT-1S) must be from 1 ms to 1 day",
      },
      {
        setting(builder -> builder.every(Duration.ofSeconds(Long.MAX_VALUE))),
        "every (PT2562047788015215H30M7S) must be from 1 ms to 1 day",
      },
      {setting(builder -> builder.growth(0)), "growth (0) must be at least 1 thread"},
      {setting(builder -> builder.window(1)), "window (1) must be from 2 to 10000 samples"},
      {
        setting(builder -> builder.window(10_001)), "window (10001) must be from 2 to 10000 samples"
      },
      {
        setting(builder -> builder.name("a=b")),
        "name (a=b) must be of the letters a to z, digits, '_', '-' and '.', with single spaces"
            + " between",
      },
    };
  }

  private static Consumer<ThreadMonitor.Builder> setting(Consumer<ThreadMonitor.Builder> setting) {
    return setting;
  }

  @Test(dataProvider = "badInput")
  public void refusesBadInput(Consumer<ThreadMonitor.Builder> setting, String message) {
    ThreadMonitor.Builder builder = ThreadMonitor.builder();
    assertThat(expectThrows(IllegalArgumentException.class, () -> setting.accept(builder)))
        .hasMessageThat()
        .isEqualTo(message);
  }

  private static <T> T await(Future<T> value) {
    return requireNonNull(Futures.getUnchecked(value));
  }

  private static ImmutableList<Thread> monitorThreads() {
    return Arrays.stream(LiveThreads.platformThreads())
        .filter(MonitorThread.class::isInstance)
        .collect(toImmutableList());
  }

  private static ObjectName name(String name) {
    try {
      return new ObjectName(name);
    } catch (MalformedObjectNameException e) {
      throw new AssertionError(e);
    }
  }

  /** One thread of this JVM, once there is one. */
  private static final class OneThread implements ThreadSource {
    Optional<Thread> thread = Optional.empty();

    @Override
    public ThreadListing list() {
      return new ThreadListing(thread.stream().toArray(Thread[]::new), VirtualListing.NONE);
    }

    @Override
    public Sampling sample(Collection<LiveThread> threads) {
      return LiveThreads.withOrigins(OriginRecorder.JVM::originOf).sample(threads);
    }
  }

  /** The threads of this JVM; lets a test wait until they have been listed. */
  private static final class LookLatch implements ThreadSource {
    private volatile CountDownLatch looks = new CountDownLatch(0);

    void awaitMoreLooks() {
      looks = new CountDownLatch(3);
      awaitUninterruptibly(looks);
    }

    @Override
    public ThreadListing list() {
      if (!Thread.currentThread().isInterrupted()) { // else no file could be read
        looks.countDown();
      }
      return LiveThreads.JVM.list();
    }

    @Override
    public Sampling sample(Collection<LiveThread> threads) {
      return LiveThreads.JVM.sample(threads);
    }
  }
}
