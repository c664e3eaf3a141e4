package dev.leakverifier.monitor;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.google.common.util.concurrent.Uninterruptibles;
import com.sun.net.httpserver.HttpServer;
import dev.leakverifier.monitor.HttpClientSocket.Answer;
import dev.leakverifier.testing.FakeTime;
import dev.leakverifier.thread.Samples;
import dev.leakverifier.thread.ThreadSample;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A real server on the loopback address, with clients as they come. */
public class ThreadProfileHandlerTest {
  private static final int THREADS_OF_SERVER = 16;

  private final FakeTime time = new FakeTime();
  private final AtomicInteger captures = new AtomicInteger();
  private ExecutorService clients = Executors.newCachedThreadPool();
  private ExecutorService servers = Executors.newCachedThreadPool();
  private @Nullable HttpServer started;

  @BeforeMethod
  public void startThreads() {
    clients = Executors.newCachedThreadPool();
    servers = Executors.newFixedThreadPool(THREADS_OF_SERVER);
    captures.set(0);
  }

  @AfterMethod
  public void stopServer() throws InterruptedException {
    server().stop(0);
    for (ExecutorService pool : List.of(servers, clients)) {
      pool.shutdown();
      assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  private ThreadProfileHandler serve(
      Supplier<ThreadProfile> capture, ThreadProfileHandler.Sleeper sleeper) throws IOException {
    ThreadProfileHandler handler =
        new ThreadProfileHandler(
            () -> {
              captures.incrementAndGet();
              return capture.get();
            },
            time,
            sleeper);
    serve(handler);
    return handler;
  }

  private void serve(ThreadProfileHandler handler) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(servers);
    server.createContext("/debug/threads", handler);
    server.start();
    started = server;
  }

  private HttpServer server() {
    return requireNonNull(started);
  }

  private void serveShop() throws IOException {
    serve(Profiles::shop, length -> time.pass(length.toNanos()));
  }

  private Answer get(String query) throws IOException {
    return HttpClientSocket.send(server(), "GET", "/debug/threads" + query);
  }

  private Future<Answer> ask(String query) {
    Callable<Answer> asking = () -> get(query);
    return clients.submit(asking);
  }

  @Test
  public void servesEachForm() throws IOException {
    serveShop();
    ThreadProfile shop = Profiles.shop();

    assertThat(get("").text()).isEqualTo(shop.toText());
    assertThat(get("?debug=1").text()).isEqualTo(shop.toText());
    assertThat(Profiles.withoutIds(get("?debug=2").text()))
        .isEqualTo(Profiles.withoutIds(shop.toThreadText()));
    assertThat(get("?format=collapsed").text()).isEqualTo(shop.toCollapsed());
    assertThat(Profiles.withoutIds(get("?format=json").text()))
        .isEqualTo(Profiles.withoutIds(shop.toJson()));
    assertThat(get("?jvm=false").text()).isEqualTo(shop.withoutJvmThreads().toText());
    Answer pprof = get("?format=pprof");
    assertThat(pprof.headers()).containsEntry("content-type", "application/octet-stream");
    try (var in = new GZIPInputStream(new ByteArrayInputStream(pprof.body()))) {
      assertThat(new String(in.readAllBytes(), UTF_8)).contains("com.acme.Orders.await");
    }
  }

  @Test
  public void tellsItsLengthAndThatNobodyMayKeepOrGuessIt() throws IOException {
    serveShop();
    for (String query : List.of("", "?format=json", "?format=collapsed", "?format=pprof", "?x")) {
      Answer answer = get(query);

      assertThat(answer.headers()).containsEntry("cache-control", "no-store");
      assertThat(answer.headers()).containsEntry("x-content-type-options", "nosniff");
      assertThat(answer.headers())
          .containsEntry("content-length", String.valueOf(answer.body().length));
    }
    assertThat(get("").headers()).containsEntry("content-type", "text/plain; charset=utf-8");
    assertThat(get("?x").headers()).containsEntry("content-type", "text/plain; charset=utf-8");
    assertThat(get("?format=json").headers()).containsEntry("content-type", "application/json");
  }

  @Test
  public void servesTheThreadsOfThisJvm() throws IOException {
    serve(new ThreadProfileHandler());

    assertThat(get("?jvm=false").text()).contains(ThreadProfileHandler.class.getName());
  }

  @Test
  public void answersHeadWithoutLooking() throws IOException {
    serveShop();
    Answer head = HttpClientSocket.send(server(), "HEAD", "/debug/threads?format=json&seconds=60");

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.headers()).containsEntry("content-type", "application/json");
    assertThat(head.body()).isEmpty();
    assertThat(captures.get()).isEqualTo(0);
    assertThat(HttpClientSocket.send(server(), "HEAD", "/debug/threads?seconds=x").status())
        .isEqualTo(400);
  }

  @DataProvider
  public Object[][] nonsense() {
    return new Object[][] {
      {"GET", "?seconds=3600", 400, "seconds (\"3600\") must be a whole number from 1 to 60\n"},
      {"GET", "?debug=%00", 400, "debug (\"\\u0000\") must be a whole number from 1 to 2\n"},
      {"GET", "?format=<script>", 400, null},
      {"GET", "?%", 400, null},
      {"GET", "?a=%3Cscript%3E", 400, null},
      {"POST", "", 405, "method (\"POST\") must be GET or HEAD\n"},
      {"TRACE", "", 405, "method (\"TRACE\") must be GET or HEAD\n"},
      {"get", "", 405, "method (\"get\") must be GET or HEAD\n"},
      {"GET", "/", 404, "there is only /debug/threads\n"},
      {"GET", "/../../etc/passwd", 404, "there is only /debug/threads\n"},
      {"GET", "2", 404, "there is only /debug/threads\n"},
    };
  }

  /** A text of null: the server itself refuses it. */
  @Test(dataProvider = "nonsense")
  public void refuses(String method, String rest, int status, @Nullable String text)
      throws IOException {
    serveShop();
    Answer answer = HttpClientSocket.send(server(), method, "/debug/threads" + rest);

    assertThat(answer.status()).isEqualTo(status);
    if (text != null) {
      assertThat(answer.text()).isEqualTo(text);
    }
    assertThat(answer.text()).doesNotContain("<script");
    assertThat(answer.text()).doesNotContain("\tat ");
    assertThat(captures.get()).isEqualTo(0);
    assertThat(get("").status()).isEqualTo(200);
  }

  @Test
  public void saysWhichMethodsThereAre() throws IOException {
    serveShop();

    assertThat(HttpClientSocket.send(server(), "DELETE", "/debug/threads").headers())
        .containsEntry("allow", "GET, HEAD");
  }

  @Test
  public void servesADifference() throws IOException {
    List<ThreadSample> orders = Profiles.orders(5);
    serve(
        () ->
            Profiles.of(
                Profiles.NOON.plusSeconds(captures.get()), orders.subList(0, captures.get())),
        length -> time.pass(length.toNanos()));

    assertThat(get("?seconds=30").text()).contains("+1 @ \"order-*\"   WAITING\n");
    assertThat(time.waits()).contains(Duration.ofSeconds(30).toNanos());
    assertThat(get("?seconds=1&format=collapsed").text()).endsWith(" 1\n");
  }

  @Test
  public void servesADifferenceOfNothing() throws IOException {
    List<ThreadSample> orders = Profiles.orders(1);
    serve(() -> Profiles.of(Profiles.NOON, orders), length -> time.pass(length.toNanos()));

    Answer none = get("?seconds=1&format=collapsed");
    assertThat(none.status()).isEqualTo(200);
    assertThat(none.body()).isEmpty();
  }

  @Test
  public void looksOnceForAllWhoAskWithinASecond() throws IOException {
    serveShop();
    get("");
    get("?debug=2");
    time.slip(SharedCapture.FRESH.toNanos() - 1);
    get("?format=json");
    assertThat(captures.get()).isEqualTo(1);

    time.slip(1);
    get("");
    assertThat(captures.get()).isEqualTo(2);
  }

  @Test
  public void tellsTooManyAtOnceToComeAgain()
      throws IOException, ExecutionException, InterruptedException {
    CountDownLatch looked = new CountDownLatch(1);
    ThreadProfileHandler handler =
        serve(
            () -> {
              Uninterruptibles.awaitUninterruptibly(looked);
              return Profiles.shop();
            },
            length -> {});
    List<Future<Answer>> asked = new ArrayList<>();
    for (int i = 0; i < ThreadProfileHandler.MAX_AT_WORK; i++) {
      asked.add(ask(""));
    }
    while (handler.atWork() < ThreadProfileHandler.MAX_AT_WORK) {
      Thread.onSpinWait();
    }

    Answer refused = get("?debug=2");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.headers()).containsEntry("retry-after", "1");
    assertThat(refused.text()).isEqualTo("8 requests are at work already; come again\n");
    looked.countDown();
    for (Future<Answer> answer : asked) {
      assertThat(answer.get().status()).isEqualTo(200);
    }
    assertThat(captures.get()).isEqualTo(1);
    assertThat(get("").status()).isEqualTo(200);
  }

  @Test
  public void servesOthersWhileDifferencesAreWaitedFor()
      throws IOException, ExecutionException, InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    CountDownLatch waiting = new CountDownLatch(ThreadProfileHandler.MAX_DIFFERENCES);
    serve(
        Profiles::shop,
        length -> {
          waiting.countDown();
          over.await();
        });
    List<Future<Answer>> asked = new ArrayList<>();
    for (int i = 0; i < ThreadProfileHandler.MAX_DIFFERENCES; i++) {
      asked.add(ask("?seconds=60"));
    }
    waiting.await();

    Answer refused = get("?seconds=1");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.headers()).containsEntry("retry-after", "10");
    assertThat(get("").status()).isEqualTo(200);
    over.countDown();
    for (Future<Answer> answer : asked) {
      assertThat(answer.get().status()).isEqualTo(200);
    }
    assertThat(get("?seconds=1").status()).isEqualTo(200);
  }

  @Test
  public void servesOthersWhileAClientDoesNotRead() throws IOException {
    String[] frames =
        IntStream.range(0, 100).mapToObj(i -> "com.acme.Deep.call:" + i).toArray(String[]::new);
    List<ThreadSample> threads =
        Stream.generate(() -> Samples.of("deep", Thread.State.RUNNABLE, frames))
            .limit(5_000)
            .toList();
    ThreadProfile big = Profiles.of(Profiles.NOON, threads);
    serve(() -> big, length -> {});

    List<HttpClientSocket> slow = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      HttpClientSocket client = HttpClientSocket.begin(server(), "GET", "/debug/threads?debug=2");
      client.readOneByte(); // the server is about to send the rest, which fits into no buffer
      slow.add(client);
    }
    for (int i = 0; i < ThreadProfileHandler.MAX_AT_WORK; i++) {
      assertThat(get("").status()).isEqualTo(200);
    }
    assertThat(slow.get(0).read().headers())
        .containsEntry("content-length", String.valueOf(big.toThreadText().length()));
    for (HttpClientSocket client : slow) {
      client.close(); // goes away in the middle; stopServer() sees that no thread is held
    }
    assertThat(get("").status()).isEqualTo(200);
  }

  @Test
  public void survivesAClientThatGoesAwayWhileItWaits() throws IOException, InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    CountDownLatch waiting = new CountDownLatch(1);
    serve(
        Profiles::shop,
        length -> {
          waiting.countDown();
          over.await();
        });
    try (HttpClientSocket client =
        HttpClientSocket.begin(server(), "GET", "/debug/threads?seconds=60")) {
      waiting.await();
    }
    over.countDown();

    assertThat(get("").status()).isEqualTo(200);
  }

  @Test
  public void showsNoFailureOfItsOwn() throws IOException {
    serve(
        () -> {
          throw new IllegalArgumentException("secret");
        },
        length -> {});
    for (String query : List.of("", "?seconds=1", "?format=pprof")) {
      Answer failed = get(query);

      assertThat(failed.status()).isEqualTo(500);
      assertWithMessage(query)
          .that(failed.text())
          .isEqualTo("no profile could be taken; the log of the service says why\n");
    }
  }

  @Test
  public void endsAWaitWhenTheServerIsStopped() throws IOException {
    serve(
        Profiles::shop,
        length -> {
          throw new InterruptedException();
        });

    Answer stopped = get("?seconds=60");
    assertThat(stopped.status()).isEqualTo(503);
    assertThat(stopped.text()).isEqualTo("the server is being stopped\n");
  }
}
