package dev.leakverifier.monitor;

import com.google.common.annotations.VisibleForTesting;
import com.google.common.base.Ticker;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.leakverifier.report.Names;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves profiles of this JVM's threads from an {@code HttpServer} of the JDK's.
 *
 * <pre>{@code
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
 * <p>Names of threads and of classes may be nobody else's business: bind the server to the loopback
 * address, or put it behind what guards the service.
 *
 * <p>Threads are looked at once a second at most; who asks in between gets the same profile. When 8
 * requests are at work, or 4 wait for a difference, others are told to come again (503). A client
 * that reads slowly holds the thread of the server that writes to it, and its answer in memory, and
 * nothing else: so give the server an executor with more than one thread, and limit the time with
 * the JDK's system properties {@code sun.net.httpserver.maxReqTime} and {@code
 * sun.net.httpserver.maxRspTime}, in seconds. Thread-safe.
 */
public final class ThreadProfileHandler implements HttpHandler {
  static final int MAX_AT_WORK = 8;
  static final int MAX_DIFFERENCES = 4;

  private static final Logger LOG = LoggerFactory.getLogger(ThreadProfileHandler.class);

  private final SharedCapture capture;
  private final Sleeper sleeper;
  private final Semaphore atWork = new Semaphore(MAX_AT_WORK);
  private final Semaphore differences = new Semaphore(MAX_DIFFERENCES);

  /** A handler for the threads of this JVM. */
  public ThreadProfileHandler() {
    this(ThreadProfile::capture, Ticker.systemTicker(), time -> Thread.sleep(time.toMillis()));
  }

  ThreadProfileHandler(Supplier<ThreadProfile> capture, Ticker ticker, Sleeper sleeper) {
    this.capture = new SharedCapture(capture, ticker);
    this.sleeper = sleeper;
  }

  /** Lets the time of a difference pass. */
  interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
  }

  /** Answers one request; never throws, and never shows a stack trace of its own. */
  @Override
  public void handle(HttpExchange exchange) {
    try (exchange) {
      try {
        answer(exchange).sendTo(exchange);
      } catch (InterruptedException e) {
        HttpAnswer.busy("the server is being stopped", 10).sendTo(exchange);
        Thread.currentThread().interrupt(); // only now: it closes what is written to
      }
    } catch (IOException e) {
      LOG.debug("The client went away before it had its profile", e);
    }
  }

  /** How many requests are being worked on, those that wait for a difference not counted. */
  @VisibleForTesting
  int atWork() {
    return MAX_AT_WORK - atWork.availablePermits();
  }

  private HttpAnswer answer(HttpExchange exchange) throws InterruptedException {
    String path = exchange.getHttpContext().getPath();
    // A context also gets the paths below its own, and those that only begin like it.
    if (!path.equals(exchange.getRequestURI().getPath())) {
      return HttpAnswer.error(404, "there is only " + Names.visible(path));
    }
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return HttpAnswer.error(
              405, "method (%s) must be GET or HEAD".formatted(Names.quoted(method)))
          .with("Allow", "GET, HEAD");
    }
    ProfileQuery query;
    try {
      query = ProfileQuery.parse(exchange.getRequestURI().getRawQuery());
    } catch (IllegalArgumentException e) {
      return HttpAnswer.error(400, String.valueOf(e.getMessage()));
    }
    return method.equals("HEAD")
        ? HttpAnswer.ok(query.format().contentType(), new byte[0])
        : answer(query);
  }

  private HttpAnswer answer(ProfileQuery query) throws InterruptedException {
    try {
      return query.seconds() == 0 ? now(query) : difference(query);
    } catch (RuntimeException | Error e) {
      LOG.warn("No profile of the threads could be taken", e);
      return HttpAnswer.error(500, "no profile could be taken; the log of the service says why");
    }
  }

  private HttpAnswer now(ProfileQuery query) {
    if (!atWork.tryAcquire()) {
      return HttpAnswer.busy(MAX_AT_WORK + " requests are at work already; come again", 1);
    }
    try {
      return render(capture.get(), query);
    } finally {
      atWork.release();
    }
  }

  private HttpAnswer difference(ProfileQuery query) throws InterruptedException {
    if (!differences.tryAcquire()) {
      return HttpAnswer.busy(MAX_DIFFERENCES + " differences are waited for already", 10);
    }
    try {
      ThreadProfile before = capture.get();
      before.groups(); // who started a thread may not be known any more when it has ended
      sleeper.sleep(Duration.ofSeconds(query.seconds()));
      return render(capture.get().minus(before), query);
    } finally {
      differences.release();
    }
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
