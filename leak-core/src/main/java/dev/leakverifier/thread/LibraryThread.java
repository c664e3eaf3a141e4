package dev.leakverifier.thread;

import static dev.leakverifier.thread.ThreadMarks.isA;
import static dev.leakverifier.thread.ThreadMarks.isAnyOf;
import static dev.leakverifier.thread.ThreadMarks.named;
import static dev.leakverifier.thread.ThreadMarks.restsIn;
import static dev.leakverifier.thread.ThreadMarks.runs;
import static dev.leakverifier.thread.ThreadMarks.startsIn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Threads of widely used libraries, of two kinds: those that the whole JVM shares and nobody stops,
 * which are no leak, and those that a forgotten call leaves.
 *
 * <p>Shared ones are recognised by their class or by the library's code in which they rest. A few
 * idle in a pool of the JDK's, with nothing but JDK code on their stack; they must have the exact
 * name and be daemons. A pattern for the name comes last, since it costs the most. {@code
 * LibraryThreadTest} runs the real libraries.
 */
public enum LibraryThread {
  // Shared by the whole JVM
  NETTY_GLOBAL_EVENT_EXECUTOR(
      "Netty's GlobalEventExecutor",
      "the JVM has one, which ends after a second without work",
      restsIn("io.netty.util.concurrent.GlobalEventExecutor")),
  NETTY_THREAD_DEATH_WATCHER(
      "Netty's ThreadDeathWatcher",
      "the JVM has one, which ends with the last thread that it watches",
      restsIn("io.netty.util.ThreadDeathWatcher")),
  OKIO_WATCHDOG(
      "Okio's watchdog",
      "the JVM has one, which ends after a minute without timeouts",
      isA("okio.AsyncTimeout$Watchdog")),
  OKHTTP_TASK_RUNNER(
      "OkHttp's TaskRunner",
      "the JVM has one, which ends a minute after the last connection",
      restsIn("okhttp3.internal.concurrent.TaskRunner")
          .or(named("OkHttp TaskRunner").and(plainThread()).and(LibraryThread::idlesAsDaemon))),
  REACTOR_SHARED_SCHEDULER(
      "Reactor's shared schedulers",
      "Schedulers.parallel() and single() live as long as the JVM",
      isA("reactor.core.scheduler.ReactorThreadFactory$NonBlockingThread")
          .and(named(Pattern.compile("(parallel|single)-\\d+")))
          .and(LibraryThread::idlesAsDaemon)),
  REACTOR_BOUNDED_ELASTIC(
      "Reactor's shared boundedElastic scheduler",
      "Schedulers.boundedElastic() lives as long as the JVM",
      plainThread()
          .and(LibraryThread::idlesAsDaemon)
          .and(named(Pattern.compile("boundedElastic-(evictor-)?\\d+")))),
  RXJAVA_SHARED_SCHEDULER(
      "RxJava's shared schedulers",
      "Schedulers.computation() and single() live as long as the JVM",
      isA("io.reactivex.rxjava3.internal.schedulers.RxThreadFactory$RxCustomThread")
          .and(named(Pattern.compile("Rx(ComputationThreadPool|SingleScheduler)-\\d+")))
          .and(LibraryThread::idlesAsDaemon)),
  RXJAVA_IO(
      "RxJava's shared io scheduler",
      "Schedulers.io() lives as long as the JVM; its workers end after a minute or two",
      plainThread()
          .and(LibraryThread::idlesAsDaemon)
          .and(named(Pattern.compile("RxCachedThreadScheduler-\\d+|RxCachedWorkerPoolEvictor-1")))),
  KOTLIN_DISPATCHER(
      "the default dispatcher of Kotlin's coroutines",
      "Dispatchers.Default and IO live as long as the JVM",
      isA("kotlinx.coroutines.scheduling.CoroutineScheduler$Worker")
          .and(restsIn("kotlinx.coroutines.scheduling."))),
  KOTLIN_DEFAULT_EXECUTOR(
      "the default executor of Kotlin's coroutines",
      "the JVM has one, which ends a second after the last delay",
      restsIn("kotlinx.coroutines.").and(runs("kotlinx.coroutines.DefaultExecutor"))),
  JNA_CLEANER(
      "JNA's cleaner",
      "the JVM has one, which ends half a minute after the last native object",
      isAnyOf("com.sun.jna.internal.Cleaner$")),
  MYSQL_CLEANUP(
      "the MySQL driver's connection cleanup",
      "the driver starts it when it is loaded, also by other drivers' tests",
      restsIn("com.mysql.cj.jdbc.AbandonedConnectionCleanupThread")),
  POSTGRESQL_CLEANER(
      "the PostgreSQL driver's cleaner",
      "the JVM has one (up to 42.7.4; later ones use the JDK's)",
      restsIn("org.postgresql.util.LazyCleaner")),
  LOG4J("Log4j", "logging goes on as long as the JVM", isAnyOf("org.apache.logging.log4j.core.")),

  // Left by a forgotten call; those that use others' threads come first
  GRPC(
      "gRPC",
      named(Pattern.compile("grpc-(default|timer|shared)-.*")).or(runs("io.grpc.netty.shaded.")),
      "ManagedChannel.shutdown() and Server.shutdown()"),
  LETTUCE(
      "a Lettuce client",
      runs("io.netty.").and(named(Pattern.compile("lettuce-.*"))),
      "RedisClient.shutdown()"),
  NETTY_EVENT_LOOP(
      "a Netty event loop",
      runs("io.netty.util.concurrent.SingleThreadEventExecutor"),
      "EventExecutorGroup.shutdownGracefully()"),
  NETTY_TIMER(
      "a Netty timer", runs("io.netty.util.HashedWheelTimer$Worker"), "HashedWheelTimer.stop()"),
  OKHTTP_DISPATCHER(
      "an OkHttp client",
      named("OkHttp Dispatcher").and(ThreadMarks::idlesInPool),
      "OkHttpClient.dispatcher().executorService().shutdown()"),
  REACTOR_SCHEDULER(
      "a Reactor scheduler",
      isA("reactor.core.scheduler.ReactorThreadFactory$NonBlockingThread"),
      "Scheduler.dispose()"),
  RXJAVA_WORKER(
      "an RxJava worker",
      named(Pattern.compile("RxNewThreadScheduler-\\d+")),
      "dispose() of the Disposable or the Worker"),
  HIKARI(
      "a HikariCP pool",
      idlesInPool().and(named(Pattern.compile(".+[: ](housekeeper|connection[- ]adder)"))),
      "HikariDataSource.close()"),
  H2(
      "an H2 database file",
      isAnyOf("org.h2.mvstore.").or(named("H2-save")).or(named("H2-serialization")),
      "close() of the last Connection"),
  QUARTZ(
      "a Quartz scheduler",
      isA("org.quartz.core.QuartzSchedulerThread")
          .or(isA("org.quartz.simpl.SimpleThreadPool$WorkerThread")),
      "Scheduler.shutdown()"),
  JETTY(
      "a Jetty server or client",
      runs("org.eclipse.jetty.util.thread.QueuedThreadPool$Runner"),
      "Server.stop() or HttpClient.stop()"),
  COMMONS_POOL(
      "a Commons Pool",
      named("commons-pool-evictor").and(ThreadMarks::idlesInPool),
      "close() of the last GenericObjectPool"),
  APACHE_HTTP_CLIENT(
      "an Apache HttpClient",
      runs("org.apache.hc.client5.http.impl.IdleConnectionEvictor")
          .or(runs("org.apache.hc.core5.reactor.IOReactorWorker"))
          .or(idlesInPool().and(named(Pattern.compile("httpclient-main-\\d+")))),
      "CloseableHttpClient.close() or CloseableHttpAsyncClient.close()"),
  KAFKA(
      "a Kafka client",
      startsIn("org.apache.kafka."),
      "close() of the KafkaProducer, KafkaConsumer or Admin"),
  AWS_APACHE_CLIENT(
      "the AWS SDK's Apache client",
      runs("software.amazon.awssdk.http.apache.internal.conn.IdleConnectionReaper"),
      "SdkHttpClient.close() of the last client"),
  GUAVA_FINALIZER(
      "a FinalizableReferenceQueue of Guava",
      runs("com.google.common.base.internal.Finalizer"),
      "FinalizableReferenceQueue.close()");

  private static final List<LibraryThread> ALL = List.of(values());

  private static final List<LibraryThread> SHARED = allShared();

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

  private static List<LibraryThread> allShared() {
    List<LibraryThread> shared = new ArrayList<>();
    for (LibraryThread known : ALL) { // no stream: the first look of a JVM waits for this
      if (known.isShared()) {
        shared.add(known);
      }
    }
    return List.copyOf(shared);
  }

  private static Predicate<ThreadSample> plainThread() {
    return isA("java.lang.Thread");
  }

  private static Predicate<ThreadSample> idlesInPool() {
    return ThreadMarks::idlesInPool;
  }

  private static boolean idlesAsDaemon(ThreadSample thread) {
    return thread.isDaemon() && ThreadMarks.idlesInPool(thread);
  }

  /** The entry that {@code thread} is, if it is any. */
  public static Optional<LibraryThread> of(ThreadSample thread) {
    return first(ALL, thread);
  }

  /** Whether {@code thread} is one that nobody can stop; asks for no others. */
  public static boolean isShared(ThreadSample thread) {
    return first(SHARED, thread).isPresent();
  }

  private static Optional<LibraryThread> first(List<LibraryThread> some, ThreadSample thread) {
    for (LibraryThread known : some) {
      if (known.rule.test(thread)) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  /** Whether the JVM has one for all, so that it is no leak. */
  public boolean isShared() {
    return missingCall == null;
  }

  /** What the thread is, as a report names it: {@code Netty's GlobalEventExecutor}. */
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
