package dev.leakverifier.profile;

import com.google.common.annotations.VisibleForTesting;
import com.google.common.base.Ticker;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.leakverifier.text.Names;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves profiles of this JVM's threads from an {@code HttpServer} of the JDK's.
 *
 * <pre>{@code
 * System.setProperty("sun.net.httpserver.maxReqTime", "5"); // seconds to send a request
 * System.setProperty("sun.net.httpserver.maxRspTime", "90"); // to wait for the answer and read it
 * HttpServer server =
 *     HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 6060), 0);
 * server.setExecutor(Executors.newFixedThreadPool(4));
 * server.createContext("/debug/threads", new ThreadProfileHandler());
 * server.start();
 * }</pre>
 *
 * <table>
 * <caption>What can be asked for</caption>
 * <tr><td>{@code ?debug=1} (default), {@code ?debug=2}
 *     <td>{@link ThreadProfile#toText}, {@link ThreadProfile#toThreadText}
 * <tr><td>{@code ?format=text} (default), {@code json}, {@code collapsed}, {@code pprof}
 *     <td>the other forms of {@link ThreadProfile}
 * <tr><td>{@code ?seconds=30}<td>what changes in that time, from 1 to 60 seconds
 * <tr><td>{@code ?jvm=false}<td>without the threads that the JVM has for itself
 * </table>
 *
 * <p>Names of threads and classes may be nobody else's business: bind the server to the loopback
 * address, or put it behind what guards the service. On a loopback address only requests for {@code
 * localhost} or a loopback address are answered, others get 403: so no web page can read the
 * profile through the browser of somebody who works on the machine.
 *
 * <p>The handler holds no thread of the server: it works in threads of its own, which end with
 * their answer. A request that waits for {@code seconds} to pass holds none at all. At most 8
 * requests are worked on and at most 4 more wait, and the threads are sampled at most once a
 * second; other requests are told to come again (503). A slow reader holds one of the 8 places.
 * What is read before the handler is called, only the JDK can limit, with the two properties above.
 * They hold for all its HTTP servers in the JVM, and are read when the first one is made.
 * Thread-safe.
 */
public final class ThreadProfileHandler implements HttpHandler {
  static final int MAX_AT_WORK = 8;
  static final int MAX_DIFFERENCES = 4;

  private final HostNames hosts;
  private final SharedCapture capture;
  private final AnswerThreads threads;
  private final Semaphore atWork = new Semaphore(MAX_AT_WORK);
  private final Semaphore differences = new Semaphore(MAX_DIFFERENCES);

  /** A handler for the threads of this JVM. */
  public ThreadProfileHandler() {
    this(new String[0]);
  }

  /**
   * A handler that also answers requests for other names, such as that of a proxy in front of it.
   *
   * @param hostNames names as in a URL, without scheme and port; without effect on an address that
   *     is no loopback address, where any name is answered
   * @throws IllegalArgumentException if one of them is no such name
   */
  public ThreadProfileHandler(String... hostNames) {
    this(
        new HostNames(hostNames),
        ThreadProfile::capture,
        Ticker.systemTicker(),
        AnswerThreads.REAL);
  }

  ThreadProfileHandler(
      HostNames hosts, Supplier<ThreadProfile> capture, Ticker ticker, AnswerThreads threads) {
    this.hosts = hosts;
    this.capture = new SharedCapture(capture, ticker);
    this.threads = threads;
  }

  /**
   * Answers one request, mostly after it has returned; never shows a stack trace of its own.
   *
   * @throws IOException if the client has gone away already
   */
  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Optional<HttpAnswer> refusal = refusal(exchange);
    if (refusal.isPresent()) {
      refusal.get().sendTo(exchange);
      return;
    }
    ProfileQuery query;
    try {
      query = ProfileQuery.parse(exchange.getRequestURI().getRawQuery());
    } catch (IllegalArgumentException e) {
      HttpAnswer.error(400, String.valueOf(e.getMessage())).sendTo(exchange);
      return;
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      HttpAnswer.ok(query.format().contentType(), new byte[0]).sendTo(exchange);
    } else if (query.seconds() == 0) {
      sendNow(exchange, query);
    } else {
      sendDifference(exchange, query);
    }
  }

  /** How many requests are being worked on, those that wait for a difference not counted. */
  @VisibleForTesting
  int atWork() {
    return MAX_AT_WORK - atWork.availablePermits();
  }

  private Optional<HttpAnswer> refusal(HttpExchange exchange) {
    @Nullable String host = exchange.getRequestHeaders().getFirst("Host");
    if (exchange.getLocalAddress().getAddress().isLoopbackAddress() && !hosts.contains(host)) {
      return Optional.of(
          HttpAnswer.error(
              403,
              "host (%s) must be localhost, a loopback address, or a name the handler was given"
                  .formatted(host == null ? "none" : Names.quoted(host))));
    }
    String path = exchange.getHttpContext().getPath();
    // A context also gets the paths below its own, and those that only begin like it.
    if (!path.equals(exchange.getRequestURI().getPath())) {
      return Optional.of(HttpAnswer.error(404, "there is only " + Names.visible(path)));
    }
    String method = exchange.getRequestMethod();
    return method.equals("GET") || method.equals("HEAD")
        ? Optional.empty()
        : Optional.of(
            HttpAnswer.error(405, "method (%s) must be GET or HEAD".formatted(Names.quoted(method)))
                .with("Allow", "GET, HEAD"));
  }

  private void sendNow(HttpExchange exchange, ProfileQuery query) throws IOException {
    if (!atWork.tryAcquire()) {
      HttpAnswer.busy(MAX_AT_WORK + " requests are being answered already; come again", 1)
          .sendTo(exchange);
      return;
    }
    PendingAnswer pending = new PendingAnswer(exchange, atWork, threads);
    pending.next(() -> pending.send(render(capture.get(), query)));
  }

  private void sendDifference(HttpExchange exchange, ProfileQuery query) throws IOException {
    if (!differences.tryAcquire()) {
      HttpAnswer.busy(MAX_DIFFERENCES + " requests wait for a difference already; come again", 10)
          .sendTo(exchange);
      return;
    }
    PendingAnswer pending = new PendingAnswer(exchange, differences, threads);
    pending.next(
        () -> {
          ThreadProfile before = capture.get();
          before.groups(); // who started a thread may not be known any more when it has ended
          pending.nextAfter(
              Duration.ofSeconds(query.seconds()),
              () -> pending.send(render(capture.get().minus(before), query)));
        });
  }

  private static HttpAnswer render(ThreadProfile profile, ProfileQuery query) {
    ThreadProfile shown = query.jvm() ? profile : profile.withoutJvmThreads();
    HttpAnswer answer =
        HttpAnswer.ok(query.format().contentType(), query.format().render(shown, query.detail()));
    return query.format() == ProfileFormat.PPROF
        ? answer.with("Content-Disposition", "attachment; filename=\"threads.pb.gz\"")
        : answer;
  }
}
