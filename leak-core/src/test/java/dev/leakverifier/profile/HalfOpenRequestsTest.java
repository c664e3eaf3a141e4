package dev.leakverifier.profile;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leakverifier.testing.ForkedJvm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.testng.annotations.Test;

/**
 * The JDK reads a request in a thread of the server before any handler is called, and waits for the
 * rest of it for ever unless its own property says otherwise.
 */
public class HalfOpenRequestsTest {
  private static final int THREADS = 4;

  @Test
  public void endWithTheTimeThatTheDocumentedPropertyGivesThem() throws Exception {
    Process process = ForkedJvm.start(Server.class);
    try {
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).isEqualTo("200");
    } finally {
      process.destroyForcibly();
    }
  }

  /** In a JVM of its own, since the property is read once. */
  static final class Server {
    public static void main(String[] args) throws IOException, InterruptedException {
      System.setProperty("sun.net.httpserver.maxReqTime", "1");
      List<HttpClientSocket> halfOpen = new ArrayList<>();
      try (ProfileServer server = ProfileServer.start(new ThreadProfileHandler(), THREADS)) {
        for (int i = 0; i < THREADS; i++) {
          halfOpen.add(
              HttpClientSocket.beginRaw(server.server(), "GET / HTTP/1.1\r\nHost: localhost\r\n"));
        }
        for (HttpClientSocket client : halfOpen) {
          client.awaitEnd();
        }
        System.out.print(server.get("").status());
      }
    }
  }
}
