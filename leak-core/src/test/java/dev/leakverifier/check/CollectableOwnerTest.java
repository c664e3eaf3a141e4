package dev.leakverifier.check;

import static com.google.common.truth.Truth.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.leakverifier.LeakReport;
import dev.leakverifier.LeakScope;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** Threads whose owner nobody holds any more, on the real JVM and its garbage collector. */
public class CollectableOwnerTest {
  private LeakScope scope = LeakVerifier.scope();

  @BeforeMethod
  public void openScope() {
    scope = LeakVerifier.scope(LeakVerifier.maxWait(Duration.ofMillis(100)));
  }

  @Test
  public void doesNotReportATimerThatNobodyHolds() {
    dropATimer();

    assertThat(scope.check().toString()).isEqualTo("no thread leaked");
  }

  @Test
  public void reportsATimerThatSomebodyHolds() {
    Timer timer = new Timer("held");
    try {
      LeakReport report = scope.check();

      assertThat(names(report)).isEqualTo("held");
      assertThat(report.toString()).contains("s and a garbage collection)");
    } finally {
      timer.cancel();
    }
  }

  @Test
  public void doesNotReportASingleThreadExecutorThatNobodyHolds() throws Exception {
    Executors.newSingleThreadExecutor().submit(() -> {}).get();

    assertThat(scope.check().toString()).isEqualTo("no thread leaked");
  }

  @Test
  public void reportsAPoolThatWasNotShutDown() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    try {
      pool.submit(() -> {}).get();

      assertThat(scope.check().threads()).hasSize(1);
    } finally {
      pool.shutdown();
    }
  }

  @Test
  public void doesNotReportAnHttpClientThatNobodyHolds() throws Exception {
    HttpServer server = server();
    try {
      HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(uri(server)).build(), HttpResponse.BodyHandlers.discarding());
    } finally {
      server.stop(0);
    }

    assertThat(scope.check().toString()).isEqualTo("no thread leaked");
  }

  @Test
  public void reportsAnHttpClientThatSomebodyHolds() throws Exception {
    HttpServer server = server();
    List<HttpClient> held = new ArrayList<>(List.of(HttpClient.newHttpClient()));
    held.get(0)
        .send(HttpRequest.newBuilder(uri(server)).build(), HttpResponse.BodyHandlers.discarding());
    server.stop(0);

    assertThat(names(scope.check())).containsMatch("HttpClient-\\d+-SelectorManager");
    held.clear();
    assertThat(scope.check().toString()).isEqualTo("no thread leaked");
  }

  private static void dropATimer() {
    new Timer("dropped");
  }

  private static HttpServer server() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static URI uri(HttpServer server) {
    return URI.create("http://localhost:" + server.getAddress().getPort() + "/");
  }

  private static String names(LeakReport report) {
    return String.join(", ", report.threads().stream().map(ThreadSample::name).toList());
  }
}
