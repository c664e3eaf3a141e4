package dev.leakverifier.profile;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** What a request gets: all of it is there before the first byte is sent. */
final class HttpAnswer {
  private static final String TEXT = "text/plain; charset=utf-8";

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;

  private HttpAnswer(int status, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** A body that is what was asked for. */
  static HttpAnswer ok(String contentType, byte[] body) {
    return new HttpAnswer(200, Map.of("Content-Type", contentType), body);
  }

  /** A text that says what is wrong, in a line. */
  static HttpAnswer error(int status, String text) {
    return new HttpAnswer(
        status, Map.of("Content-Type", TEXT), (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Answers that the request may succeed later. */
  static HttpAnswer busy(String text, int retryAfterSeconds) {
    return error(503, text).with("Retry-After", String.valueOf(retryAfterSeconds));
  }

  HttpAnswer with(String header, String value) {
    Map<String, String> all = new HashMap<>(headers);
    all.put(header, value);
    return new HttpAnswer(status, all, body);
  }

  /** Sends it; blocks for as long as the client reads. A HEAD request gets no body. */
  void sendTo(HttpExchange exchange) throws IOException {
    Headers all = exchange.getResponseHeaders();
    headers.forEach(all::set);
    all.set("Cache-Control", "no-store");
    all.set("X-Content-Type-Options", "nosniff");
    if (body.length == 0 || exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
