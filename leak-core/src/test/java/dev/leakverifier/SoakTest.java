package dev.leakverifier;

import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.stream.Collectors.toCollection;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.sun.net.httpserver.HttpServer;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.FileSystems;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.testng.annotations.Test;

/**
 * Random programs of which it is known what they leak. Short by default; {@code
 * -Dsoak.rounds=10000} makes it long, {@code -Dsoak.seed=...} repeats a run.
 */
public class SoakTest {
  private static final int ROUNDS = Integer.getInteger("soak.rounds", 100);
  private static final long SEED = Long.getLong("soak.seed", System.nanoTime());
  private static final double LEAKING = 0.01;

  /** Rare, since on JDK 17 nobody can close one: it is dropped, and may take 3 s to end. */
  private static final double HTTP_CLIENT = 0.005;

  /** Something that has threads until it is closed. */
  private record Resource(Collection<Thread> threads, AutoCloseable close) {}

  private static final List<Callable<Resource>> KINDS =
      List.of(
          SoakTest::thread,
          SoakTest::fixedPool,
          SoakTest::cachedPool,
          SoakTest::scheduledPool,
          SoakTest::forkJoinPool,
          SoakTest::timer,
          SoakTest::httpServer,
          SoakTest::watchService,
          SoakTest::process,
          SoakTest::commonPool);

  @Test
  public void raisesNoFalseAlarmAndMissesNoLeak() throws Exception {
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      String program = "seed %s, round %s of %s".formatted(SEED, round, ROUNDS);
      LeakScope scope = LeakVerifier.scope();
      Set<Long> clean = new TreeSet<>();
      Set<Long> leaked = new TreeSet<>();
      List<AutoCloseable> forgotten = new ArrayList<>();
      for (int i = random.nextInt(5); i >= 0; i--) {
        Resource resource =
            random.nextDouble() < HTTP_CLIENT
                ? httpClient()
                : KINDS.get(random.nextInt(KINDS.size())).call();
        if (random.nextDouble() < LEAKING && !resource.threads().isEmpty()) {
          leaked.addAll(ids(resource.threads()));
          forgotten.add(resource.close());
        } else {
          clean.addAll(ids(resource.threads()));
          resource.close().close();
        }
      }

      LeakReport report = scope.check();

      Set<Long> reported =
          report.threads().stream().map(ThreadSample::id).collect(toCollection(TreeSet::new));
      if (leaked.isEmpty()) {
        assertWithMessage(program).that(report.toString()).isEqualTo("no thread leaked");
      } else {
        assertWithMessage(program).that(reported).containsAtLeastElementsIn(leaked);
        assertWithMessage(program).that(Sets.intersection(reported, clean)).isEmpty();
      }
      for (AutoCloseable resource : forgotten) {
        resource.close();
      }
    }
  }

  private static Resource thread() {
    BlockedThread thread = BlockedThread.start("soak");
    return new Resource(List.of(thread.thread()), thread::release);
  }

  private static Resource fixedPool() throws Exception {
    Recording factory = new Recording();
    return pool(Executors.newFixedThreadPool(8, factory), factory);
  }

  private static Resource cachedPool() throws Exception {
    Recording factory = new Recording();
    return pool(Executors.newCachedThreadPool(factory), factory);
  }

  private static Resource scheduledPool() throws Exception {
    Recording factory = new Recording();
    ScheduledExecutorService pool = Executors.newScheduledThreadPool(2, factory);
    pool.scheduleAtFixedRate(() -> {}, 0, 1, TimeUnit.MILLISECONDS).isDone();
    return pool(pool, factory);
  }

  private static Resource pool(ExecutorService pool, Recording factory) throws Exception {
    for (int i = 0; i < 8; i++) {
      pool.submit(() -> {}).get();
    }
    return new Resource(factory.made, closing(pool));
  }

  private static Resource forkJoinPool() throws Exception {
    ForkJoinPool pool = new ForkJoinPool(1);
    Thread worker = pool.submit(Thread::currentThread).get();
    return new Resource(List.of(worker), closing(pool));
  }

  private static Resource timer() throws InterruptedException {
    Timer timer = new Timer();
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            thread.complete(Thread.currentThread());
          }
        },
        0);
    return new Resource(List.of(thread.join()), timer::cancel);
  }

  private static Resource httpServer() throws IOException {
    Recording factory = new Recording();
    ExecutorService pool = Executors.newFixedThreadPool(1, factory);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(pool);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    URI uri = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    assertWithMessage("status").that(connection.getResponseCode()).isEqualTo(204);
    return new Resource(
        factory.made,
        () -> {
          connection.disconnect();
          server.stop(0);
          closing(pool).close();
        });
  }

  private static Resource httpClient() {
    List<HttpClient> held = new ArrayList<>();
    Collection<Thread> started =
        startedBy(
            () -> held.add(HttpClient.newHttpClient()),
            thread -> thread.getName().endsWith("-SelectorManager"));
    return new Resource(started, held::clear);
  }

  private static Resource watchService() {
    List<WatchService> made = new ArrayList<>();
    Collection<Thread> started =
        startedBy(
            () -> made.add(FileSystems.getDefault().newWatchService()),
            thread -> thread.getName().equals("FileSystemWatchService"));
    return new Resource(started, made.get(0));
  }

  private static Collection<Thread> startedBy(Callable<?> start, Predicate<Thread> which) {
    Set<Thread> before = ImmutableSet.copyOf(platformThreads());
    try {
      start.call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return platformThreads().stream()
        .filter(thread -> !before.contains(thread))
        .filter(which)
        .toList();
  }

  private static List<Thread> platformThreads() {
    return LiveThreads.JVM.list().threads().stream()
        .flatMap(live -> Stream.ofNullable(live.thread()))
        .toList();
  }

  private static Resource process() throws IOException, InterruptedException {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    return new Resource(List.of(), () -> {});
  }

  private static Resource commonPool() {
    CompletableFuture.runAsync(() -> {}).join();
    assertWithMessage("sum").that(IntStream.range(0, 1_000).parallel().sum()).isEqualTo(499_500);
    return new Resource(List.of(), () -> {});
  }

  private static AutoCloseable closing(ExecutorService pool) {
    return () -> {
      pool.shutdownNow();
      assertWithMessage("terminated").that(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    };
  }

  private static List<Long> ids(Collection<Thread> threads) {
    return threads.stream().map(LiveThreads::id).toList();
  }

  /** Remembers the threads that it makes. */
  private static final class Recording implements ThreadFactory {
    final Queue<Thread> made = new ConcurrentLinkedQueue<>();

    @Override
    public Thread newThread(Runnable body) {
      Thread thread = Executors.defaultThreadFactory().newThread(body);
      made.add(thread);
      return thread;
    }
  }
}
