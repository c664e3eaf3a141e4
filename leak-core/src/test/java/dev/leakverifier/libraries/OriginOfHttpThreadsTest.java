package dev.leakverifier.libraries;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableSet;
import com.sun.net.httpserver.HttpServer;
import dev.leakverifier.LeakReport;
import dev.leakverifier.LeakScope;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.thread.ThreadSample;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import org.testng.annotations.Test;

/** In a JVM of its own, since nothing stops an {@code HttpClient} on JDK 17. */
public class OriginOfHttpThreadsTest {
  private static final String HERE = OriginOfHttpThreadsTest.class.getName() + ".";

  @Test
  public void showsWhoMadeTheClientAndWhoStartedTheServer() throws Exception {
    LeakReport report;
    HttpServer server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    try (LeakScope scope =
        LeakVerifier.scope(
            LeakVerifier.recordOrigins(),
            LeakVerifier.maxWait(Duration.ZERO),
            LeakVerifier.ignoreCreatedBy(HERE + "request"),
            LeakVerifier.ignoreCreatedBy(HERE + "serve"))) {
      serve(server);
      request(server);
      report = scope.check();
      assertThat(report.threads()).isEmpty();
    }
    report = LeakVerifier.find(LeakVerifier.maxWait(Duration.ZERO));
    server.stop(0);

    assertThat(startersOf(report, "HTTP-Dispatcher")).containsExactly(Optional.of(HERE + "serve"));
    assertThat(startersOf(report, "HttpClient-")).containsExactly(Optional.of(HERE + "request"));
    assertThat(report.toString()).contains("started  by " + HERE + "request(OriginOfHttp");
    assertThat(report.toString()).contains("fix      call HttpServer.stop(0) in teardown");
    assertThat(report.toString()).contains("fix      call HttpClient.close() (since Java 21)");
  }

  private static void serve(HttpServer server) {
    server.createContext("/", exchange -> exchange.sendResponseHeaders(204, -1));
    server.start();
  }

  private static void request(HttpServer server) throws IOException, InterruptedException {
    URI uri = URI.create("http://localhost:" + server.getAddress().getPort());
    HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding());
  }

  private static ImmutableSet<Optional<String>> startersOf(LeakReport report, String name) {
    return report.threads().stream()
        .filter(thread -> thread.name().startsWith(name))
        .map(ThreadSample::createdBy)
        .collect(toImmutableSet());
  }
}
