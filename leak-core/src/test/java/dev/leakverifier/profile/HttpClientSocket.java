package dev.leakverifier.profile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ascii;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;

/** A client that says just what it is told to, and reads only as fast as it is told to. */
final class HttpClientSocket implements AutoCloseable {
  private final Socket socket = new Socket();

  private HttpClientSocket(HttpServer server) throws IOException {
    socket.setReceiveBufferSize(4096); // what a slow client leaves must not fit into buffers
    socket.connect(server.getAddress());
  }

  /**
   * What a server has answered.
   *
   * @param headers with names in lower case
   * @param latin1 the body, a character for each byte
   */
  record Answer(int status, Map<String, String> headers, String latin1) {
    byte[] body() {
      return latin1.getBytes(ISO_8859_1);
    }

    String text() {
      return new String(body(), UTF_8);
    }
  }

  /** Sends a request that has no body, and reads the answer. */
  static Answer send(HttpServer server, String method, String target) throws IOException {
    try (HttpClientSocket client = begin(server, method, target)) {
      return client.read();
    }
  }

  /** Sends a request, and reads nothing yet. */
  static HttpClientSocket begin(HttpServer server, String method, String target)
      throws IOException {
    return beginRaw(server, request(method, target, "Host: localhost"));
  }

  /** Sends just what {@code text} says. */
  static HttpClientSocket beginRaw(HttpServer server, String text) throws IOException {
    HttpClientSocket client = new HttpClientSocket(server);
    client.socket.getOutputStream().write(text.getBytes(UTF_8));
    return client;
  }

  /** A request without a body. */
  static String request(String method, String target, String header) {
    return "%s %s HTTP/1.1\r\n%s\r\nConnection: close\r\n\r\n".formatted(method, target, header);
  }

  /** Waits for the first byte of the answer. */
  void readOneByte() throws IOException {
    if (socket.getInputStream().read() < 0) {
      throw new IOException("no answer");
    }
  }

  /** Waits until the server closes the connection without an answer. */
  void awaitEnd() throws IOException {
    if (socket.getInputStream().read() >= 0) {
      throw new IOException("an answer");
    }
  }

  /** Reads all until the server closes the connection. */
  Answer read() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    socket.getInputStream().transferTo(bytes);
    String all = bytes.toString(ISO_8859_1);
    int end = all.indexOf("\r\n\r\n");
    if (end < 0) {
      throw new IOException("no answer: " + bytes);
    }
    List<String> head = Splitter.on("\r\n").splitToList(all.substring(0, end));
    ImmutableMap.Builder<String, String> headers = ImmutableMap.builder();
    for (String line : head.subList(1, head.size())) {
      int colon = line.indexOf(':');
      headers.put(Ascii.toLowerCase(line.substring(0, colon)), line.substring(colon + 1).trim());
    }
    return new Answer(
        Integer.parseInt(Splitter.on(' ').splitToList(head.get(0)).get(1)),
        headers.buildOrThrow(),
        all.substring(end + 4));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
