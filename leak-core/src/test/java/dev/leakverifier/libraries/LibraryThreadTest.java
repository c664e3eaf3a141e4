package dev.leakverifier.libraries;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.base.FinalizableReferenceQueue;
import com.sun.jna.Memory;
import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.leakverifier.LeakReport;
import dev.leakverifier.LeakScope;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.thread.LibraryThread;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.HashedWheelTimer;
import io.netty.util.ThreadDeathWatcher;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.Dispatchers;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.AsyncTimeout;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.quartz.impl.StdSchedulerFactory;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The real libraries: what they share is ignored, and what a forgotten call leaves is found. */
public class LibraryThreadTest {
  /** Starts threads of a library. */
  private interface Start {
    /** Gives what ends them. */
    AutoCloseable run() throws Exception;
  }

  /** A library as it is used, named after the threads that this leaves. */
  private record Use(LibraryThread thread, Start start) {
    @Override
    public String toString() {
      return thread.name();
    }
  }

  @DataProvider
  Object[] shared() {
    return new Object[] {
      new Use(LibraryThread.NETTY_GLOBAL_EVENT_EXECUTOR, LibraryThreadTest::globalEventExecutor),
      new Use(LibraryThread.NETTY_THREAD_DEATH_WATCHER, LibraryThreadTest::threadDeathWatcher),
      new Use(LibraryThread.OKIO_WATCHDOG, LibraryThreadTest::okioWatchdog),
      new Use(LibraryThread.OKHTTP_TASK_RUNNER, LibraryThreadTest::okHttpRequest),
      new Use(
          LibraryThread.REACTOR_SHARED_SCHEDULER, () -> scheduled(Schedulers.parallel()::schedule)),
      new Use(
          LibraryThread.REACTOR_BOUNDED_ELASTIC,
          () -> scheduled(Schedulers.boundedElastic()::schedule)),
      new Use(
          LibraryThread.RXJAVA_SHARED_SCHEDULER,
          () ->
              scheduled(io.reactivex.rxjava3.schedulers.Schedulers.computation()::scheduleDirect)),
      new Use(
          LibraryThread.RXJAVA_IO,
          () -> scheduled(io.reactivex.rxjava3.schedulers.Schedulers.io()::scheduleDirect)),
      new Use(LibraryThread.KOTLIN_DISPATCHER, LibraryThreadTest::kotlinDispatcher),
      new Use(LibraryThread.JNA_CLEANER, LibraryThreadTest::nativeMemory),
      new Use(LibraryThread.MYSQL_CLEANUP, LibraryThreadTest::mySqlDriver),
    };
  }

  /** It does nothing for two seconds, in case somebody has a task for it. */
  @Test
  public void raisesNoAlarmForAnEventLoopThatEndsWhileNobodyAwaitsIt() throws Exception {
    LeakScope scope = LeakVerifier.scope();
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("ends-gracefully"), NioIoHandler.newFactory());
    group.submit(() -> {}).get();
    group.shutdownGracefully().isDone();

    LeakReport report = scope.check();

    assertThat(report.toString()).startsWith("no thread leaked");
    assertThat(report.waited()).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  public void hasTheSharedOnesFirstSoThatNoOtherCanTakeTheirPlace() {
    List<Boolean> shared =
        Arrays.stream(LibraryThread.values()).map(LibraryThread::isShared).toList();

    assertThat(shared).isInOrder(Comparator.reverseOrder());
  }

  @Test(dataProvider = "shared")
  public void excusesWhatALibrarySharesWithTheWholeJvm(Use library) throws Exception {
    LibraryThread expected = library.thread();
    LeakScope scope = LeakVerifier.scope(LeakVerifier.maxWait(Duration.ofMinutes(1)));
    LeakScope strict =
        LeakVerifier.scope(
            LeakVerifier.knownLibraries(false), LeakVerifier.maxWait(Duration.ofMillis(10)));
    AutoCloseable end = library.start().run();

    LeakReport report = scope.check();

    assertWithMessage("%s", report).that(report.isEmpty()).isTrue();
    assertThat(report.toString())
        .containsMatch(
            "not counted: \\d+ threads? of \\Q" + expected.what() + ": " + expected.reason().get());
    assertThat(strict.check().toString()).contains("it belongs to " + expected.what());
    end.close();
  }

  @DataProvider
  Object[] forgotten() {
    return new Object[] {
      new Use(LibraryThread.NETTY_EVENT_LOOP, LibraryThreadTest::eventLoopGroup),
      new Use(LibraryThread.NETTY_TIMER, LibraryThreadTest::wheelTimer),
      new Use(LibraryThread.OKHTTP_DISPATCHER, LibraryThreadTest::okHttpDispatcher),
      new Use(LibraryThread.REACTOR_SCHEDULER, LibraryThreadTest::reactorScheduler),
      new Use(LibraryThread.RXJAVA_WORKER, LibraryThreadTest::rxWorker),
      new Use(LibraryThread.HIKARI, LibraryThreadTest::hikari),
      new Use(LibraryThread.H2, LibraryThreadTest::h2File),
      new Use(LibraryThread.QUARTZ, LibraryThreadTest::quartz),
      new Use(LibraryThread.JETTY, LibraryThreadTest::jettyPool),
      new Use(LibraryThread.COMMONS_POOL, LibraryThreadTest::commonsPool),
      new Use(LibraryThread.APACHE_HTTP_CLIENT, LibraryThreadTest::apacheClient),
      new Use(LibraryThread.APACHE_HTTP_CLIENT, LibraryThreadTest::apacheAsyncClient),
      new Use(LibraryThread.KAFKA, LibraryThreadTest::kafkaProducer),
      new Use(LibraryThread.GUAVA_FINALIZER, LibraryThreadTest::guavaQueue),
    };
  }

  @Test(dataProvider = "forgotten")
  public void findsWhatAForgottenCallLeavesAndNamesTheCall(Use library) throws Exception {
    LibraryThread expected = library.thread();
    LeakScope scope = LeakVerifier.scope(LeakVerifier.maxWait(Duration.ofMillis(10)));
    LeakScope patient = LeakVerifier.scope(LeakVerifier.maxWait(Duration.ofMinutes(1)));
    AutoCloseable end = library.start().run();

    LeakReport report = scope.check();

    assertThat(report.isEmpty()).isFalse();
    assertThat(report.toString())
        .contains(
            "it belongs to "
                + expected.what()
                + ", which was not closed\n   fix      call "
                + expected.missingCall().get());
    end.close();
    assertWithMessage("closed: %s", patient.check()).that(patient.check().isEmpty()).isTrue();
  }

  private static AutoCloseable globalEventExecutor() throws Exception {
    GlobalEventExecutor.INSTANCE.submit(() -> {}).get();
    Future<?> pending = GlobalEventExecutor.INSTANCE.schedule(() -> {}, 1, TimeUnit.HOURS);
    return () -> pending.cancel(false);
  }

  @SuppressWarnings("deprecation") // users have it still
  private static AutoCloseable threadDeathWatcher() {
    Thread thread = Thread.currentThread();
    Runnable task = () -> {};
    ThreadDeathWatcher.watch(thread, task);
    return () -> ThreadDeathWatcher.unwatch(thread, task);
  }

  private static AutoCloseable okioWatchdog() {
    AsyncTimeout timeout = new AsyncTimeout();
    timeout.timeout(1, TimeUnit.SECONDS);
    timeout.enter();
    timeout.exit();
    return () -> {};
  }

  private static AutoCloseable okHttpRequest() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    OkHttpClient client = new OkHttpClient();
    String url = "http://localhost:" + server.getAddress().getPort() + "/";
    try (Response response = client.newCall(new Request.Builder().url(url).build()).execute()) {
      assertThat(response.code()).isEqualTo(204);
    }
    server.stop(0);
    return client.connectionPool()::evictAll;
  }

  /** Waits until a task has run; the scheduler stays. */
  private static AutoCloseable scheduled(Consumer<Runnable> scheduler) throws Exception {
    CountDownLatch ran = new CountDownLatch(1);
    scheduler.accept(ran::countDown);
    ran.await();
    return () -> {};
  }

  private static AutoCloseable kotlinDispatcher() throws Exception {
    return scheduled(
        task -> Dispatchers.getDefault().dispatch(EmptyCoroutineContext.INSTANCE, task));
  }

  private static AutoCloseable nativeMemory() {
    return new Memory(8);
  }

  private static AutoCloseable mySqlDriver() throws Exception {
    Class.forName("com.mysql.cj.jdbc.Driver");
    return () -> {};
  }

  private static AutoCloseable eventLoopGroup() throws Exception {
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    group.next().submit(() -> {}).get();
    return () -> group.shutdownGracefully(0, 0, TimeUnit.SECONDS).get();
  }

  private static AutoCloseable wheelTimer() {
    HashedWheelTimer timer = new HashedWheelTimer();
    timer.start();
    return timer::stop;
  }

  private static AutoCloseable okHttpDispatcher() throws Exception {
    ExecutorService pool = new OkHttpClient().dispatcher().executorService();
    pool.submit(() -> {}).get();
    return pool::shutdown;
  }

  private static AutoCloseable reactorScheduler() throws Exception {
    Scheduler scheduler = Schedulers.newParallel("mine", 1);
    scheduled(scheduler::schedule);
    return scheduler::dispose;
  }

  private static AutoCloseable rxWorker() throws Exception {
    var worker = io.reactivex.rxjava3.schedulers.Schedulers.newThread().createWorker();
    scheduled(worker::schedule);
    return worker::dispose;
  }

  private static AutoCloseable hikari() throws Exception {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:h2:mem:test");
    HikariDataSource source = new HikariDataSource(config);
    source.getConnection().close();
    return source;
  }

  private static AutoCloseable h2File() throws Exception {
    Path folder = Files.createTempDirectory("h2");
    return DriverManager.getConnection("jdbc:h2:" + folder + "/db");
  }

  private static AutoCloseable quartz() throws Exception {
    var scheduler = new StdSchedulerFactory().getScheduler();
    return () -> scheduler.shutdown(true);
  }

  private static AutoCloseable jettyPool() throws Exception {
    QueuedThreadPool pool = new QueuedThreadPool(2, 1);
    pool.start();
    scheduled(pool::execute);
    return pool::stop;
  }

  private static AutoCloseable commonsPool() {
    GenericObjectPoolConfig<Object> config = new GenericObjectPoolConfig<>();
    config.setTimeBetweenEvictionRuns(Duration.ofHours(1));
    return new GenericObjectPool<>(
        new BasePooledObjectFactory<Object>() {
          @Override
          public Object create() {
            return new Object();
          }

          @Override
          public PooledObject<Object> wrap(Object object) {
            return new DefaultPooledObject<>(object);
          }
        },
        config);
  }

  private static AutoCloseable apacheClient() {
    return HttpClients.custom().evictExpiredConnections().build();
  }

  private static AutoCloseable apacheAsyncClient() {
    CloseableHttpAsyncClient client = HttpAsyncClients.createDefault();
    client.start();
    return client;
  }

  private static AutoCloseable kafkaProducer() {
    StringSerializer serializer = new StringSerializer();
    return new KafkaProducer<>(Map.of("bootstrap.servers", "127.0.0.1:1"), serializer, serializer);
  }

  private static AutoCloseable guavaQueue() {
    return new FinalizableReferenceQueue();
  }
}
