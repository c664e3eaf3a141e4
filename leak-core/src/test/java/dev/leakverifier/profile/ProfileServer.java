package dev.leakverifier.profile;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.leakverifier.profile.HttpClientSocket.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A server of the JDK's on a loopback address, and clients for it, as long as it is open. */
final class ProfileServer implements AutoCloseable {
  static final String PATH = "/debug/threads";

  private final ExecutorService clients = Executors.newCachedThreadPool();
  private final ExecutorService executor;
  private final HttpServer server;

  private ProfileServer(HttpServer server, ExecutorService executor) {
    this.server = server;
    this.executor = executor;
  }

  /** Serves with as many threads as docs/production.md gives it. */
  static ProfileServer start(HttpHandler handler) throws IOException {
    return start(handler, 4);
  }

  /** Serves with so many threads; with none in the server's own, which it must never lose. */
  static ProfileServer start(HttpHandler handler, int threads) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService executor = Executors.newFixedThreadPool(Math.max(1, threads));
    if (threads > 0) {
      server.setExecutor(executor);
    }
    server.createContext(PATH, handler);
    server.createContext(
        "/other",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    return new ProfileServer(server, executor);
  }

  HttpServer server() {
    return server;
  }

  Answer get(String query) throws IOException {
    return send("GET", query);
  }

  Answer send(String method, String rest) throws IOException {
    return HttpClientSocket.send(server, method, PATH + rest);
  }

  /** Asks in a thread of its own. */
  Future<Answer> ask(String query) {
    Callable<Answer> asking = () -> get(query);
    return clients.submit(asking);
  }

  /** Asks the server for something else. */
  int statusOfAnotherContext() throws IOException {
    return HttpClientSocket.send(server, "GET", "/other").status();
  }

  /** Fails if a thread of the server or of a client is still held. */
  @Override
  public void close() throws InterruptedException {
    server.stop(0);
    for (ExecutorService pool : new ExecutorService[] {executor, clients}) {
      pool.shutdown();
      if (!pool.awaitTermination(1, TimeUnit.MINUTES)) {
        throw new AssertionError("a thread is still held");
      }
    }
  }
}
