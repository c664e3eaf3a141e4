package dev.leakverifier.profile;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.leakverifier.profile.HttpClientSocket.Answer;
import dev.leakverifier.testing.FakeTime;
import dev.leakverifier.thread.ThreadSample;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What each request gets from a real server on a loopback address. */
public class ThreadProfileHandlerTest {
  private final FakeTime time = new FakeTime();
  private final AtomicInteger captures = new AtomicInteger();
  private @Nullable ProfileServer started;

  @BeforeMethod
  public void forgetCaptures() {
    captures.set(0);
  }

  @AfterMethod
  public void stopServer() throws InterruptedException {
    server().close();
  }

  private void serve(Supplier<ThreadProfile> capture) throws IOException {
    started =
        ProfileServer.start(
            new ThreadProfileHandler(
                new HostNames("threads.acme.com"),
                () -> {
                  captures.incrementAndGet();
                  return capture.get();
                },
                time,
                TestAnswerThreads.passing(length -> time.pass(length.toNanos()))));
  }

  private void serveShop() throws IOException {
    serve(Profiles::shop);
  }

  private ProfileServer server() {
    return requireNonNull(started);
  }

  private Answer get(String query) throws IOException {
    return server().get(query);
  }

  @Test
  public void servesEachForm() throws IOException {
    ThreadProfile shop = Profiles.shop();
    serve(() -> shop);

    assertThat(get("").text()).isEqualTo(shop.toText());
    assertThat(get("?debug=1").text()).isEqualTo(shop.toText());
    assertThat(get("?debug=2").text()).isEqualTo(shop.toThreadText());
    assertThat(get("?format=collapsed").text()).isEqualTo(shop.toCollapsed());
    assertThat(get("?format=json").text()).isEqualTo(shop.toJson());
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
    started = ProfileServer.start(new ThreadProfileHandler());

    assertThat(get("?jvm=false").text()).contains(ThreadProfileHandler.class.getName());
    assertThat(get("?seconds=1").text()).startsWith("thread profile: ");
  }

  @Test
  public void answersHeadWithoutLooking() throws IOException {
    serveShop();
    Answer head = server().send("HEAD", "?format=json&seconds=60");

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.headers()).containsEntry("content-type", "application/json");
    assertThat(head.body()).isEmpty();
    assertThat(captures.get()).isEqualTo(0);
    assertThat(server().send("HEAD", "?seconds=x").status()).isEqualTo(400);
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
    Answer answer = server().send(method, rest);

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

    assertThat(server().send("DELETE", "").headers()).containsEntry("allow", "GET, HEAD");
  }

  @Test
  public void servesADifference() throws IOException {
    List<ThreadSample> orders = Profiles.orders(5);
    serve(
        () ->
            Profiles.of(
                Profiles.NOON.plusSeconds(captures.get()), orders.subList(0, captures.get())));

    assertThat(get("?seconds=30").text()).contains("+1 @ \"order-*\"   WAITING\n");
    assertThat(time.waits()).contains(Duration.ofSeconds(30).toNanos());
    assertThat(get("?seconds=1&format=collapsed").text()).endsWith(" 1\n");
  }

  @Test
  public void servesADifferenceOfNothing() throws IOException {
    List<ThreadSample> orders = Profiles.orders(1);
    serve(() -> Profiles.of(Profiles.NOON, orders));

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
  public void showsNoFailureOfItsOwn() throws IOException {
    serve(
        () -> {
          throw new IllegalArgumentException("secret");
        });
    for (String query : List.of("", "?seconds=1", "?format=pprof")) {
      Answer failed = get(query);

      assertThat(failed.status()).isEqualTo(500);
      assertWithMessage(query)
          .that(failed.text())
          .isEqualTo("no profile could be taken; the log of the service says why\n");
    }
  }

  @Test
  public void answersOnlyForNamesThatNoWebPageCanTake() throws IOException {
    serveShop();

    for (String host : new String[] {"127.0.0.1:6060", "threads.acme.com"}) {
      assertWithMessage(host).that(getWith("Host: " + host).status()).isEqualTo(200);
    }
    Answer refused = getWith("Host: evil.example:6060");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text())
        .isEqualTo(
            "host (\"evil.example:6060\") must be localhost, a loopback address, or a name the"
                + " handler was given\n");
    assertThat(getWith("X-Host: localhost").text()).startsWith("host (none) must be");
    assertThat(captures.get()).isEqualTo(1);
  }

  private Answer getWith(String header) throws IOException {
    try (HttpClientSocket client =
        HttpClientSocket.beginRaw(
            server().server(), HttpClientSocket.request("GET", ProfileServer.PATH, header))) {
      return client.read();
    }
  }
}
