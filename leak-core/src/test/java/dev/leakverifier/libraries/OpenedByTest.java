package dev.leakverifier.libraries;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.leakverifier.LeakReport;
import dev.leakverifier.LeakScope;
import dev.leakverifier.LeakVerifier;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.HashedWheelTimer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.quartz.Scheduler;
import org.quartz.impl.StdSchedulerFactory;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;
import reactor.core.scheduler.Schedulers;

/** What a real library leaves is one entry for each thing opened, with the call that closes it. */
public class OpenedByTest {
  private static final String HERE = "by dev.leakverifier.libraries.OpenedByTest.";

  /** Opens something that starts threads. */
  private interface Opens {
    /** Gives what closes it. */
    AutoCloseable open() throws Exception;
  }

  /**
   * Something opened.
   *
   * @param lines of the report, in this order
   */
  private record Opened(String name, Opens opens, List<String> lines) {
    Opened(String name, Opens opens, String... lines) {
      this(name, opens, List.of(lines));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @DataProvider
  Object[] opened() {
    return new Object[] {
      new Opened(
          "constructor",
          OpenedByTest::hikari,
          "1) thread of com.zaxxer.hikari.HikariDataSource",
          "fix      call close() on the HikariDataSource that was made at OpenedByTest.java:",
          "opened   " + HERE + "hikari(OpenedByTest.java:"),
      new Opened(
          "interface",
          OpenedByTest::httpClient,
          " threads of org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient",
          "fix      call close() on "),
      new Opened(
          "abstract super class",
          OpenedByTest::jetty,
          " threads of org.eclipse.jetty.util.thread.QueuedThreadPool",
          "fix      call stop() on the QueuedThreadPool that was started at"),
      new Opened(
          "factory of a known library",
          OpenedByTest::quartz,
          "1) 3 threads of a Quartz scheduler",
          "fix      call Scheduler.shutdown()",
          "opened   " + HERE + "quartz(OpenedByTest.java:"),
      new Opened(
          "factory of the JDK",
          OpenedByTest::h2,
          "fix      call close() on what DriverManager.getConnection() returned"),
      new Opened(
          "start",
          OpenedByTest::wheelTimer,
          "1) thread of io.netty.util.HashedWheelTimer",
          "fix      call stop() on the HashedWheelTimer that was "),
      new Opened(
          "used only, one class",
          OpenedByTest::reactor,
          "fix      call Scheduler.dispose()",
          "opened   " + HERE + "reactor(OpenedByTest.java:"),
      new Opened(
          "constructor, long after",
          OpenedByTest::kafka,
          "1) thread of org.apache.kafka.clients.producer.KafkaProducer",
          "fix      call close() on the KafkaProducer that was made at"),
      new Opened(
          "used only",
          OpenedByTest::netty,
          "fix      call EventExecutorGroup.shutdownGracefully()",
          "opened   " + HERE + "netty(OpenedByTest.java:"),
    };
  }

  @Test(dataProvider = "opened")
  public void namesTheCallThatClosesWhatWasOpened(Opened opened) throws Exception {
    try (LeakScope scope = scope()) {
      AutoCloseable closes = opened.opens().open();
      LeakReport report;
      try {
        report = scope.check();
      } finally {
        closes.close();
      }
      scope.rebase();
      String text = report.toString();
      int last = 0;
      for (String line : opened.lines()) {
        assertWithMessage("%s, in this order", text).that(text.indexOf(line, last)).isAtLeast(0);
        last = text.indexOf(line, last);
      }
      assertWithMessage(text).that(text).doesNotContain("\n2) ");
    }
  }

  /** Both are started by this class; a pool of the JDK's is told by itself. */
  @Test
  public void whatWasOpenedAtOtherLinesIsAnotherEntry() throws Exception {
    try (LeakScope scope = scope();
        HikariDataSource one = hikari();
        HikariDataSource other = new HikariDataSource(config())) {
      ExecutorService pool = Executors.newFixedThreadPool(2);
      pool.submit(() -> {}).get();
      LeakReport report = scope.check();
      pool.shutdown();
      scope.rebase();

      String text = report.toString();
      assertThat(text).contains("1) thread of com.zaxxer.hikari.HikariDataSource");
      assertThat(text).contains("2) thread of com.zaxxer.hikari.HikariDataSource");
      assertThat(text).contains("3) idle pool worker");
      assertThat(List.of(one.isClosed(), other.isClosed())).containsExactly(false, false);
    }
  }

  @Test
  public void theLineToPasteIgnoresWhatWasOpenedThere() throws Exception {
    try (LeakScope scope =
            LeakVerifier.scope(
                LeakVerifier.recordOrigins(),
                LeakVerifier.maxWait(Duration.ZERO),
                LeakVerifier.ignoreCreatedBy("dev.leakverifier.libraries.OpenedByTest.hikari"));
        HikariDataSource pool = hikari()) {
      assertThat(scope.check().threads()).isEmpty();
      assertThat(pool.isClosed()).isFalse();
    }
  }

  private static LeakScope scope() {
    return LeakVerifier.scope(
        LeakVerifier.recordOrigins(), LeakVerifier.maxWait(Duration.ofMillis(100)));
  }

  private static HikariDataSource hikari() {
    return new HikariDataSource(config());
  }

  private static HikariConfig config() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:h2:mem:opened");
    config.setMaximumPoolSize(1);
    return config;
  }

  private static AutoCloseable httpClient() {
    CloseableHttpAsyncClient client = HttpAsyncClients.createDefault();
    client.start();
    return client;
  }

  private static AutoCloseable jetty() throws Exception {
    QueuedThreadPool pool = new QueuedThreadPool();
    pool.start();
    return pool::stop;
  }

  private static AutoCloseable quartz() throws Exception {
    Properties properties = new Properties();
    properties.setProperty("org.quartz.scheduler.instanceName", "opened");
    properties.setProperty("org.quartz.threadPool.threadCount", "2");
    Scheduler scheduler = new StdSchedulerFactory(properties).getScheduler();
    return () -> scheduler.shutdown(true);
  }

  private static AutoCloseable h2() throws Exception {
    Path folder = Files.createTempDirectory("opened");
    return DriverManager.getConnection("jdbc:h2:file:" + folder.resolve("db"));
  }

  private static AutoCloseable wheelTimer() {
    HashedWheelTimer timer = new HashedWheelTimer();
    timer.start();
    return timer::stop;
  }

  private static AutoCloseable reactor() throws Exception {
    reactor.core.scheduler.Scheduler scheduler = Schedulers.newSingle("opened");
    scheduler.schedule(() -> {});
    return scheduler::dispose;
  }

  private static AutoCloseable kafka() {
    Properties properties = new Properties();
    properties.setProperty("bootstrap.servers", "localhost:1");
    return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
  }

  private static AutoCloseable netty() throws Exception {
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    group.submit(() -> {}).sync();
    return () -> group.shutdownGracefully(0, 0, java.util.concurrent.TimeUnit.SECONDS).sync();
  }
}
